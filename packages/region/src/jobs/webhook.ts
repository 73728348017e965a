import { createHmac } from 'node:crypto'
import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { isIP } from 'node:net'
import { isPublicAddress, pinnedLookup, publicAddresses } from '@banyan/addresses'
import { fail } from '@banyan/base'

/** Calls of webhooks: signed, and never into a private network. */

const timeoutMs = 10_000
const maxUrl = 2_048

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

/** The connection goes to the very addresses that were checked. */
const publicLookup = pinnedLookup((host) => publicAddresses(host))

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
