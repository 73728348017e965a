/** What makes and signs transactions: it loads in a browser as it is. */
export { type SigningDomains, signingDomains } from './authorize.js'
export { type EthereumTransaction, encodeEthereum, type UnsignedEthereum } from './ethereum.js'
export { signEthereum } from './ethereum-signing.js'
export { encodeNative } from './native.js'
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
  signSecp256k1,
  webauthnSignature,
} from './native-signature.js'
export { signSponsorship } from './native-signing.js'
export * from './package.js'
export * from './transfer.js'
