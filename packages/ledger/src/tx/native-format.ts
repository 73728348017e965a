import type { Address, AssetId, ChainId, Hash, Height } from '@banyan/base'
import type { Signature } from './native-signature.js'

/** The native transaction as data. */

export const nativeType = 0x7b

export type Call = {
  readonly to: Address
  /** pip, below 2^128. */
  readonly value: bigint
  /** At most 65,536 bytes. */
  readonly data: Uint8Array
}

/** Numbers of the kinds of access keys. */
export const declaredKeyKinds = { account: 0, balance: 1, storage: 2, utxo: 3 } as const

/** A state row that the calls touch. What a kind does not use is zero. */
export type DeclaredKey = {
  /** One of `declaredKeyKinds`. */
  readonly kind: number
  readonly write: boolean
  /** The account; for `storage` the contract; zero for `utxo`. */
  readonly owner: Address
  /** Balance: the asset number in the first four bytes; storage: the row's key; UTXO: its id; account: zero. */
  readonly key: Hash
}

/** An upper bound on what an account may lose of an asset, in base units. */
export type PostCondition = {
  readonly account: Address
  readonly asset: AssetId
  readonly maxSpent: bigint
}

export type SponsorSignature = {
  /** pip: the sponsor pays no more than this. */
  readonly maxFee: bigint
  readonly signature: Signature
}

export type NativeBody = {
  readonly chainId: ChainId
  /** Whose transaction this is. */
  readonly account: Address
  /** Id of one of the last 64 blocks. */
  readonly mark: Hash
  readonly validUntil: Height
  readonly nonce: bigint
  readonly gasLimit: bigint
  /** pip per gas. */
  readonly maxFeePerGas: bigint
  readonly tipPerGas: bigint
  /** Zero: the account pays its fee itself. */
  readonly sponsor: Address
  /** At most 64. */
  readonly calls: readonly Call[]
  /** At most 256. */
  readonly accessKeys: readonly DeclaredKey[]
  /** At most 16. */
  readonly postConditions: readonly PostCondition[]
}

export type Native = {
  readonly kind: 'native'
  readonly body: NativeBody
  /** The account's authorisation: at most 16. */
  readonly signatures: readonly Signature[]
  /** At most one. */
  readonly sponsor: readonly SponsorSignature[]
}

/** Limits of the lists in elements, and of call data in bytes. */
export const nativeLimits = {
  calls: 64,
  accessKeys: 256,
  postConditions: 16,
  signatures: 16,
  callData: 65_536,
} as const
