import { createHmac } from 'node:crypto'
import { lookup } from 'node:dns'
import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { BlockList, isIP, type LookupFunction } from 'node:net'
import { fail } from '@banyan/base'

/** Calls of webhooks: signed, and never into a private network. */

const timeoutMs = 10_000
const maxUrl = 2_048

const privateAddresses = new BlockList()
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const) {
  privateAddresses.addSubnet(net, bits, 'ipv4')
}

/** Of IPv6 only global unicast is public, without the ranges that wrap or translate IPv4. */
const publicV6 = new BlockList()
publicV6.addSubnet('2000::', 3, 'ipv6')
const wrappedV4 = new BlockList()
wrappedV4.addSubnet('2002::', 16, 'ipv6')
wrappedV4.addSubnet('2001::', 32, 'ipv6')

/** Whether an address is one of the public internet. */
export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 4) return !privateAddresses.check(address, 'ipv4')
  return publicV6.check(address, 'ipv6') && !wrappedV4.check(address, 'ipv6')
}

/** Checks the address of a webhook before its job is accepted. Error: WebhookRefused. */
export function checkWebhook(text: string, allowPrivate: boolean): string {
  const refuse = (reason: string): never => fail('WebhookRefused', { url: text.slice(0, 200), reason })
  if (text.length > maxUrl || !URL.canParse(text)) return refuse('it is no URL')
  const url = new URL(text)
  if (url.username !== '' || url.password !== '') return refuse('it holds credentials')
  if (allowPrivate && url.protocol === 'http:') return url.href
  if (url.protocol !== 'https:') return refuse('it is not https')
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (!allowPrivate && isIP(host) !== 0 && !isPublicAddress(host)) return refuse('its address is private')
  return url.href
}

/** Resolves names to public addresses only; the connection goes to the very address that was checked. */
const publicLookup: LookupFunction = (host, options, done) => {
  lookup(host, { ...options, all: true }, (error, found) => {
    if (error !== null) return done(error, '', 0)
    const bad = found.find(({ address }) => !isPublicAddress(address))
    if (bad !== undefined || found.length === 0) {
      return done(Object.assign(new Error('the address is private'), { code: 'EACCES' }), '', 0)
    }
    if (options.all === true) done(null, found)
    else done(null, found[0]!.address, found[0]!.family)
  })
}

/** `t=<ms>,v1=<hex>`: HMAC-SHA256 of `<ms>.<body>` under the secret that the client gave with the job. */
export function signWebhook(secret: string, at: number, body: string): string {
  return `t=${at},v1=${createHmac('sha256', secret).update(`${at}.${body}`).digest('hex')}`
}

/** Calls a webhook once. Resolves to why it failed, or undefined. Redirects are not followed. */
export function callWebhook(
  url: string,
  body: string,
  signature: string,
  allowPrivate: boolean,
): Promise<string | undefined> {
  const send = url.startsWith('https:') ? httpsRequest : httpRequest
  return new Promise((resolve) => {
    const headers = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'banyan-signature': signature,
    }
    const request = send(
      url,
      { method: 'POST', headers, timeout: timeoutMs, ...(allowPrivate ? {} : { lookup: publicLookup }) },
      (answer) => {
        const { statusCode: status = 0 } = answer
        resolve(status >= 200 && status < 300 ? undefined : `it answered ${status}`)
        answer.destroy()
      },
    )
    request.on('timeout', () => {
      resolve('it did not answer in time')
      request.destroy()
    })
    request.on('error', (error) => resolve(error.message))
    request.end(body)
  })
}
