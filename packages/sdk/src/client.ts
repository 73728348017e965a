import type { Account } from './account/account.js'
import { clientError } from './errors.js'

/** An endpoint of an application provider that pays fees for its users: docs/sponsor.md. */
export type SponsorChoice = { readonly url: string }

export type ClientOptions = {
  /** Origin of a node, such as `http://localhost:4400`. */
  readonly url: string
  /** Signs what is sent, unless an action names another one. */
  readonly account?: Account
  /** Pays the fees of what is sent, unless an action says otherwise. */
  readonly sponsor?: SponsorChoice
  /** By default that of the platform. */
  readonly fetch?: typeof fetch
  /** By default that of the platform; where there is none, live data come as server-sent events. */
  readonly webSocket?: typeof WebSocket
  /** Time for one answer, ms. Default 30,000. */
  readonly timeoutMs?: number
}

/** What actions work on: data, no connection. Live data open one when they are first asked for. */
export type Client = {
  readonly url: string
  readonly account: Account | undefined
  readonly sponsor: SponsorChoice | undefined
  readonly fetch: typeof fetch
  readonly webSocket: typeof WebSocket | undefined
  readonly timeoutMs: number
  /** Stands for the connection: copies of a client, such as one with another account, share it. */
  readonly connection: object
}

/** Error: ArgumentInvalid if the address is no http or https URL. Asks nothing yet. */
export function createClient(options: ClientOptions): Client {
  const { account, sponsor, timeoutMs = 30_000 } = options
  if (!/^https?:\/\/[^/]+/.test(options.url)) {
    throw clientError('ArgumentInvalid', {
      argument: 'url',
      reason: 'it does not start with http:// or https://',
    })
  }
  return {
    url: options.url.replace(/\/+$/, ''),
    account,
    sponsor,
    fetch: options.fetch ?? ((input, init) => fetch(input, init)),
    webSocket: options.webSocket ?? globalThis.WebSocket,
    timeoutMs,
    connection: {},
  }
}
