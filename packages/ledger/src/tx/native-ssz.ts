import {
  BooleanType,
  ByteListType,
  ByteVectorType,
  ContainerType,
  ListCompositeType,
  UintBigintType,
  UintNumberType,
} from '@chainsafe/ssz'
import { type Native, nativeLimits } from './native-format.js'

/** The native transaction for the SSZ library, which reads it: every bound and offset is checked there. */

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
  /** Throws a plain Error for bytes that do not follow the format. */
  readonly deserialize: (bytes: Uint8Array) => Omit<Native, 'kind'>
}

export const nativeFormat = new ContainerType({
  body: bodyFormat,
  signatures: new ListCompositeType(signatureFormat, nativeLimits.signatures),
  sponsor: new ListCompositeType(sponsorSignatureFormat, 1),
}) as unknown as NativeFormat
