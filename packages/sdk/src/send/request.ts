import type { Hex } from '@banyan/base'
import type { Account } from '../account/account.js'
import type { SponsorChoice } from '../client.js'
import type { Options } from '../http.js'

export type Call = {
  readonly to: Hex
  /** FIG in pip; none by default. */
  readonly value?: bigint
  /** Call data; none by default. */
  readonly data?: Hex
}

/** Moves an amount of an asset. */
export type Transfer = {
  readonly to: Hex
  /** Base units. */
  readonly amount: bigint
  /** 0, the default, is FIG. */
  readonly asset?: number
}

/** Several calls happen together or not at all. At most 64. */
export type Calls = { readonly calls: readonly Call[] }

export type SendOptions = Options & {
  /** Instead of the client's. */
  readonly account?: Account
  /** Instead of the client's; `false`: the account pays the fee itself. */
  readonly sponsor?: SponsorChoice | false
  /** pip per gas. By default what the node suggests: none while blocks have room. */
  readonly tip?: bigint
}

/** What is to be done, and how. */
export type SendRequest = (Transfer | Calls) & SendOptions
