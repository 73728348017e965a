import { isIP } from 'node:net'
import { isPublicAddress, type Resolve } from '@banyan/addresses'
import { banyanError, fail } from '@banyan/base'

/** Hosts of a local network that may be reached all the same: `host` or `host:port`. */
export type AllowList = readonly string[]

const defaultPort = (url: URL) => url.port || (url.protocol === 'https:' ? '443' : '80')

/** The host as a name or an address, without the brackets of IPv6. */
export const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '')

/** A URL that may be asked for, as far as it says so itself. Errors: InputRefused. */
export function parseAddress(text: string): URL {
  const refuse = (reason: string) => banyanError('InputRefused', { url: text.slice(0, 200), reason })
  if (!URL.canParse(text)) throw refuse('it is not an address')
  const url = new URL(text)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw refuse('it is neither http nor https')
  if (url.username !== '' || url.password !== '') throw refuse('it holds a name or a password')
  return url
}

/**
 * The one address to connect to. A name is resolved here and nowhere else, so that a second answer of its server cannot
 * lead elsewhere; every address that it has must be public.
 *
 * Errors: InputRefused, InputFailed.
 */
export async function pinAddress(url: URL, allow: AllowList, resolve: Resolve): Promise<string> {
  const host = hostOf(url)
  const shown = `${url.origin}${url.pathname}`
  const addresses = isIP(host) === 0 ? await resolve(host).catch(() => []) : [host]
  if (addresses.length === 0) fail('InputFailed', { url: shown, reason: `the host ${host} has no address` })
  const isAllowed = allow.includes(host) || allow.includes(`${host}:${defaultPort(url)}`)
  if (!isAllowed && !addresses.every(isPublicAddress))
    fail('InputRefused', { url: shown, reason: `${host} is not an address of the public network` })
  return addresses[0]!
}
