import type { Hex } from '@banyan/base'
import type { SigningDomains } from './transaction.js'

/** Amounts per dimension of work: compute, bytes, state. */
export type Triple = readonly [compute: bigint, bytes: bigint, state: bigint]

export type Account = {
  readonly address: Uint8Array
  readonly flags: number
  readonly nonce: bigint
  /** FIG, in pip. */
  balance: bigint
  /** Account number of the delegate; 0 is none. */
  readonly delegate: number
}

export type Balance = { readonly address: Uint8Array; readonly asset: number; amount: bigint }

export type Asset = {
  readonly issuer: Uint8Array
  readonly flags: number
  readonly decimals: number
  readonly supply: bigint
  readonly cap: bigint
  readonly metadataHash: Uint8Array
  readonly name: string
  readonly symbol: string
}

export type RecentBlock = {
  readonly id: Uint8Array
  readonly idsRoot: Uint8Array
  readonly height: bigint
  readonly timestamp: bigint
  readonly count: number
}

/** The whole state. Maps keep the order in which rows came into being, which is the order of row numbers. */
export type State = {
  readonly chainId: bigint
  readonly genesisId: Uint8Array
  readonly domains: SigningDomains
  readonly limits: Triple
  readonly floor: Triple
  /** Bound of every keyed table. */
  readonly maxRows: number
  /** By address in hex. The first one is row 0, the zero address. */
  readonly accounts: Map<Hex, Account>
  /** Address in hex of each account number. */
  readonly addresses: Hex[]
  /** By address in hex. */
  readonly numbers: Map<Hex, number>
  /** By `balanceKey`, without row 0. */
  readonly balances: Map<string, Balance>
  readonly assets: readonly Asset[]
  /** By height modulo 64. */
  readonly recent: (RecentBlock | undefined)[]
  /** Every block id, in order of height. */
  readonly blockIds: Uint8Array[]
  /** Ids of the transactions of the last 64 blocks, and per height. */
  readonly includedIds: Set<Hex>
  readonly idsByHeight: Map<bigint, readonly Hex[]>
  height: bigint
  timestamp: bigint
  /** Base fees of the next block, pip per gas. */
  prices: Triple
  /** Gas of the last block. */
  gasUsed: Triple
}

/** A transaction can refer to, and is remembered for, this many blocks. */
export const recentBlocks = 64

/** Account flag: a policy guards the account, so that its bare key does not suffice. */
export const policyFlag = 1

/** Asset flag: transfers are paused. */
export const pausedFlag = 8

export function balanceKey(asset: number, address: Hex): string {
  return `${address}/${asset}`
}

/** Balance of an address; `undefined` if there is no row for it. Asset 0 is FIG, kept with the account. */
export function storedBalance(state: State, asset: number, address: Hex): bigint | undefined {
  if (asset === 0) return state.accounts.get(address)?.balance
  return state.balances.get(balanceKey(asset, address))?.amount
}
