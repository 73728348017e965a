/**
 * What whoever makes and signs transactions needs of the ledger, and no more: it loads in a browser as it is. Reading
 * native transactions is left out, for it needs Node. The package's main entry offers the same names.
 */
export * from './execute/fees.js'
export type { Receipt, ReceiptStatus } from './execute/receipts.js'
export { windowBlocks } from './state/id-window.js'
export { accountRow } from './state/layout.js'
export { type SigningDomains, signingDomains } from './tx/authorize.js'
export { type EthereumTransaction, encodeEthereum, type UnsignedEthereum } from './tx/ethereum.js'
export { signEthereum } from './tx/ethereum-signing.js'
export { encodeNative } from './tx/native.js'
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
} from './tx/native-format.js'
export { nativeId, sponsorDigest } from './tx/native-root.js'
export {
  type AssertionParts,
  type Signature,
  signatureKinds,
  signEd25519,
  signSecp256k1,
  webauthnSignature,
} from './tx/native-signature.js'
export { signSponsorship } from './tx/native-signing.js'
export * from './tx/package.js'
export * from './tx/transfer.js'
