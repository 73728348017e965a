export {
  describeTransaction,
  type SigningDomains,
  signingDomains,
  type TransactionDescription,
  type VerifiedTransaction,
  verifyTransaction,
} from './authorize.js'
export { decodeEnvelope, encodeEnvelope, maxGeneralLength, type Transaction } from './envelope.js'
export {
  type AccessListEntry,
  decodeEthereum,
  type EthereumTransaction,
  encodeEthereum,
  ethereumSigningBytes,
  type UnsignedEthereum,
} from './ethereum.js'
export { ethereumSender, ethereumSigningHash, signEthereum } from './ethereum-signing.js'
export { encodeNative } from './native.js'
export { decodeNative } from './native-decode.js'
export {
  type Call,
  type DeclaredKey,
  declaredKeyKinds,
  type Native,
  type NativeBody,
  nativeLimits,
  nativeType,
  type PostCondition,
  type SponsorSignature,
} from './native-format.js'
export { nativeId, sponsorDigest } from './native-root.js'
export {
  type AssertionParts,
  type Signature,
  signatureKinds,
  signEd25519,
  signerAddress,
  signP256,
  signSecp256k1,
  webauthnSignature,
} from './native-signature.js'
export { nativeSigners, signSponsorship, sponsorSignerAddress } from './native-signing.js'
export * from './package.js'
export * from './transfer.js'
