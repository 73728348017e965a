export {
  describeTransaction,
  type TransactionDescription,
  type VerifiedTransaction,
  verifyTransaction,
} from './authorize.js'
export { decodeEnvelope, encodeEnvelope, maxGeneralLength, type Transaction } from './envelope.js'
export { type AccessListEntry, decodeEthereum, ethereumSigningBytes } from './ethereum.js'
export { ethereumSender, ethereumSigningHash } from './ethereum-signing.js'
export { decodeNative } from './native-decode.js'
export { signerAddress, signP256 } from './native-signature.js'
export { nativeSigners, sponsorSignerAddress } from './native-signing.js'
export * from './portable.js'
