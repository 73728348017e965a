import { type Address, asHash, type ChainId, fail, type Hash, hashLength, toHex } from '@banyan/base'
import { type CryptoProvider, ed25519Address, type Hasher, signingDomain } from '@banyan/crypto'
import type { Transaction } from './envelope.js'
import { ethereumSender } from './ethereum-signing.js'
import type { Native } from './native-format.js'
import { nativeId } from './native-root.js'
import { nativeSigners, sponsorSignerAddress } from './native-signing.js'
import { type Package, packageId } from './package.js'
import { type Transfer, transferId } from './transfer.js'

/** What binds signatures to one chain: computed once per chain. */
export type SigningDomains = {
  readonly chainId: ChainId
  readonly transfer: Hash
  readonly package: Hash
  readonly native: Hash
  readonly sponsor: Hash
}

export function signingDomains(provider: Hasher, chainId: ChainId, genesisId: Hash): SigningDomains {
  return {
    chainId,
    transfer: signingDomain(provider, 'banyan/transfer', chainId, genesisId),
    package: signingDomain(provider, 'banyan/package', chainId, genesisId),
    native: signingDomain(provider, 'banyan/native', chainId, genesisId),
    sponsor: signingDomain(provider, 'banyan/sponsor', chainId, genesisId),
  }
}

export type TransactionDescription = {
  readonly id: Hash
  /** Binds the signatures, which the id does not cover, to the leaf of the batch. */
  readonly seal: Hash
  /** Payer of a transfer, signer of a package or Ethereum transaction, account of a native one. */
  readonly sender: Address
}

export type VerifiedTransaction = TransactionDescription & {
  /** Addresses of the keys that signed: one, but for native transactions with several signatures. */
  readonly signers: readonly Address[]
  /** Address of the key that signed for the sponsor, if there is one. */
  readonly sponsorSigner: Address | undefined
}

const zeroSeal = asHash(new Uint8Array(hashLength))

/**
 * Id, seal and sender of a transaction, without a check of its signatures. Only the sender of an Ethereum transaction
 * has to be recovered from its signature. `bytes` is the envelope of `tx`.
 * Error: SignatureInvalid if no key made the signature of an Ethereum transaction.
 */
export function describeTransaction(
  provider: CryptoProvider,
  domains: SigningDomains,
  tx: Transaction,
  bytes: Uint8Array,
): TransactionDescription {
  switch (tx.kind) {
    case 'transfer':
      return {
        id: transferId(provider, domains.transfer, tx),
        seal: provider.sha256(tx.signature),
        sender: ed25519Address(provider, tx.payerKey),
      }
    case 'package':
      return {
        id: packageId(provider, domains.package, tx),
        seal: provider.sha256(tx.signature),
        sender: ed25519Address(provider, tx.signerKey),
      }
    case 'native':
      return {
        id: nativeId(provider, domains.native, tx.body),
        seal: provider.sha256(bytes),
        sender: tx.body.account,
      }
    case 'ethereum':
      return {
        id: provider.keccak256(bytes),
        seal: zeroSeal,
        sender: ethereumSender(provider, tx) ?? fail('SignatureInvalid'),
      }
  }
}

/**
 * Everything about a transaction that needs no state: it is for this chain, its tip is within its fee, and every
 * signature is valid. Whether the signers may act for a native transaction's account or sponsor depends on the policies
 * of these. `bytes` is the envelope of `tx`.
 * Errors: ChainWrong, TipAboveFee, SignatureInvalid, AccountUnauthorized (nobody signed, or a key twice), SponsorRefused.
 */
export function verifyTransaction(
  provider: CryptoProvider,
  domains: SigningDomains,
  tx: Transaction,
  bytes: Uint8Array,
): VerifiedTransaction {
  checkTerms(domains, tx)
  const description = describeTransaction(provider, domains, tx, bytes)
  switch (tx.kind) {
    case 'native':
      return verifyNative(provider, domains, tx, description)
    case 'transfer':
      return verifyEd25519(provider, tx.payerKey, tx, description)
    case 'package':
      return verifyEd25519(provider, tx.signerKey, tx, description)
    case 'ethereum':
      return { ...description, signers: [description.sender], sponsorSigner: undefined }
  }
}

/** Checks that need neither hashes nor state: chain id and tip. Errors: ChainWrong, TipAboveFee. */
export function checkTerms(domains: SigningDomains, tx: Transaction): void {
  if (tx.kind === 'ethereum') checkChain(tx.chainId, domains)
  if (tx.kind === 'native') checkChain(tx.body.chainId, domains)
  checkTip(tx)
}

function checkChain(given: ChainId, domains: SigningDomains): void {
  if (given !== domains.chainId) fail('ChainWrong', { given, expected: domains.chainId })
}

function checkTip(tx: Transaction): void {
  const { tip, limit } = tipOf(tx)
  if (tip > limit) fail('TipAboveFee', { tip, limit })
}

function tipOf(tx: Transaction): { readonly tip: bigint | number; readonly limit: bigint | number } {
  switch (tx.kind) {
    case 'native':
      return { tip: tx.body.tipPerGas, limit: tx.body.maxFeePerGas }
    case 'ethereum':
      return { tip: tx.maxPriorityFeePerGas, limit: tx.maxFeePerGas }
    default:
      return { tip: tx.tip, limit: tx.maxFee }
  }
}

function verifyEd25519(
  provider: CryptoProvider,
  publicKey: Uint8Array,
  tx: Transfer | Package,
  description: TransactionDescription,
): VerifiedTransaction {
  if (!provider.ed25519.verify(tx.signature, description.id, publicKey)) fail('SignatureInvalid')
  return { ...description, signers: [description.sender], sponsorSigner: undefined }
}

function verifyNative(
  provider: CryptoProvider,
  domains: SigningDomains,
  tx: Native,
  description: TransactionDescription,
): VerifiedTransaction {
  const account = toHex(tx.body.account)
  if (tx.signatures.length === 0) fail('AccountUnauthorized', { account, reason: 'nobody signed' })
  const signers = nativeSigners(provider, tx, description.id) ?? fail('SignatureInvalid')
  const isSponsored = tx.body.sponsor.some((byte) => byte !== 0)
  const sponsorSigner = sponsorSignerAddress(provider, domains.sponsor, tx, description.id)
  if (isSponsored && sponsorSigner === undefined) {
    fail('SponsorRefused', { reason: 'its signature is missing or not valid for this transaction' })
  }
  return { ...description, signers, sponsorSigner }
}
