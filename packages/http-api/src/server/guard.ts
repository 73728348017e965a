import type { IncomingMessage } from 'node:http'
import { type BanyanError, banyanError } from '@banyan/base'

/** Who may use an API from a web page or by which name. */
export type Access = {
  /** Host names besides those of this machine, without port. */
  readonly hosts: readonly string[]
  /** Origins besides those of this machine, such as "https://console.example"; "*" lets every page in. */
  readonly origins: readonly string[]
}

export type Verdict =
  | { readonly allowed: true; readonly headers: Readonly<Record<string, string>> }
  | { readonly allowed: false; readonly error: BanyanError }

const loopback = /^(localhost|[a-z0-9-]+\.localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])$/
/** Wallets run as extensions of a browser; only those that the user installed can have such an origin. */
const extension = /^(chrome-extension|moz-extension|safari-web-extension):\/\/[\w-]+$/

/**
 * Refuses requests that a page elsewhere could make a browser send: by a name that its owner points at this machine (DNS
 * rebinding), or across origins. Programs outside of browsers send no origin.
 */
export function judgeRequest(access: Access, { headers }: IncomingMessage): Verdict {
  const host = hostName(headers.host)
  if (host === undefined || !(loopback.test(host) || access.hosts.includes(host))) {
    return refuse(`for the host name ${JSON.stringify(headers.host ?? '')}`)
  }
  const { origin } = headers
  if (origin === undefined) return { allowed: true, headers: {} }
  if (!isKnownOrigin(access, origin)) return refuse(`from the origin ${JSON.stringify(origin)}`)
  return { allowed: true, headers: { 'access-control-allow-origin': origin, vary: 'origin' } }
}

function refuse(what: string): Verdict {
  return { allowed: false, error: banyanError('OriginRefused', { what: what.slice(0, 200) }) }
}

function isKnownOrigin({ origins }: Access, origin: string): boolean {
  if (origins.includes('*') || origins.includes(origin) || extension.test(origin)) return true
  const match = /^https?:\/\/(.+)$/.exec(origin)
  const host = match === null ? undefined : hostName(match[1])
  return host !== undefined && loopback.test(host)
}

/** The name in a `Host` header or an authority, without port and in lower case. */
function hostName(authority: string | undefined): string | undefined {
  const match = /^(\[[0-9a-fA-F:]+\]|[a-zA-Z0-9.-]+)(:\d{1,5})?$/.exec(authority ?? '')
  return match?.[1]?.toLowerCase()
}

/** What a browser may send after it asked (CORS preflight). */
export const preflightHeaders = {
  'access-control-allow-methods': 'GET, POST, OPTIONS',
  'access-control-allow-headers': 'content-type, last-event-id',
  'access-control-max-age': '600',
  // Pages of public sites need this to reach a private address at all.
  'access-control-allow-private-network': 'true',
} as const
