import type { Address, AssetId, ChainId, Hash, Height } from '@banyan/base'
import {
  BooleanType,
  ByteListType,
  ByteVectorType,
  ContainerType,
  ListCompositeType,
  UintBigintType,
  UintNumberType,
} from '@chainsafe/ssz'
import type { Signature } from './native-signature.js'

/** The native transaction as data, and its SSZ serialization. */

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

const uint8 = new UintNumberType(1)
const uint32 = new UintNumberType(4)
const uint64 = new UintBigintType(8)
const uint128 = new UintBigintType(16)
const bytes20 = new ByteVectorType(20)
const bytes32 = new ByteVectorType(32)

const callFormat = new ContainerType({
  to: bytes20,
  value: uint128,
  data: new ByteListType(nativeLimits.callData),
})

const accessKeyFormat = new ContainerType({
  kind: uint8,
  write: new BooleanType(),
  owner: bytes20,
  key: bytes32,
})

const postConditionFormat = new ContainerType({ account: bytes20, asset: uint32, maxSpent: uint128 })

const signatureFormat = new ContainerType({
  kind: uint8,
  publicKey: new ByteListType(64),
  signature: new ByteListType(2048),
})

const sponsorSignatureFormat = new ContainerType({ maxFee: uint128, signature: signatureFormat })

const bodyFormat = new ContainerType({
  chainId: uint64,
  account: bytes20,
  mark: bytes32,
  validUntil: uint64,
  nonce: uint64,
  gasLimit: uint64,
  maxFeePerGas: uint128,
  tipPerGas: uint128,
  sponsor: bytes20,
  calls: new ListCompositeType(callFormat, nativeLimits.calls),
  accessKeys: new ListCompositeType(accessKeyFormat, nativeLimits.accessKeys),
  postConditions: new ListCompositeType(postConditionFormat, nativeLimits.postConditions),
})

/** The library knows neither brands nor readonly lists; apart from these, its values are those of `Native`. */
type NativeFormat = {
  readonly serialize: (tx: Omit<Native, 'kind'>) => Uint8Array
  /** Throws a plain Error for bytes that do not follow the format. */
  readonly deserialize: (bytes: Uint8Array) => Omit<Native, 'kind'>
}

export const nativeFormat = new ContainerType({
  body: bodyFormat,
  signatures: new ListCompositeType(signatureFormat, nativeLimits.signatures),
  sponsor: new ListCompositeType(sponsorSignatureFormat, 1),
}) as unknown as NativeFormat
