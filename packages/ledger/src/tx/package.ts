import {
  type AssetId,
  asAssetId,
  asHash,
  asHeight,
  fail,
  type Hash,
  type Height,
  hashLength,
} from '@banyan/base'
import { byteListRoot, type CryptoProvider, type Hasher, merkleRoot, signingRoot } from '@banyan/crypto'
import { readU32, readU64, readU128, writeU32, writeU64, writeU128 } from './little-endian.js'
import { malformed } from './malformed.js'
import { requireLength, requireU32, requireUint } from './ranges.js'

export const packageType = 0x7c

/** Bytes of a package before its items. */
const packageHeaderLength = 161
export const packageItemLength = 24
export const maxPackageItems = 65_536
/** The items are a list of at most 2^16 chunks. */
const itemsDepth = 16
export const maxPackageLength = packageHeaderLength + packageItemLength * maxPackageItems

/** Offsets of the fields in an envelope. */
const packageOffsets = {
  signerKey: 1,
  mark: 33,
  nonce: 65,
  validUntil: 73,
  asset: 81,
  maxFee: 85,
  tip: 89,
  itemCount: 93,
  mode: 96,
  signature: 97,
  items: 161,
} as const

/** Offsets of the fields in an item. */
const packageItemOffsets = { payer: 0, payee: 4, amount: 8 } as const

/** The mode byte: an atomic package is applied whole or not at all, per-item packages skip what fails. */
const packageModes = ['atomic', 'perItem'] as const
export type PackageMode = (typeof packageModes)[number]

/** One movement. Accounts are given by their number (row of the accounts table). */
export type PackageItem = {
  readonly payer: number
  readonly payee: number
  /** Base units, below 2^128. */
  readonly amount: bigint
}

export type UnsignedPackage = {
  /** ed25519 public key, 32 bytes. */
  readonly signerKey: Uint8Array
  /** Id of one of the last 64 blocks. */
  readonly mark: Hash
  readonly nonce: bigint
  /** Last height at which it may be included. */
  readonly validUntil: Height
  readonly asset: AssetId
  /** Largest fee, tip included, in nano-FIG; 32 bits. */
  readonly maxFee: number
  /** nano-FIG; 32 bits. */
  readonly tip: number
  readonly mode: PackageMode
  /** 24 bytes per item, 1 to 65,536 items. */
  readonly items: Uint8Array
}

export type Package = UnsignedPackage & {
  readonly kind: 'package'
  /** 64 bytes. */
  readonly signature: Uint8Array
}

const at = packageOffsets

/** The flat bytes of a list of items. Error: OptionInvalid where a field does not fit. */
export function packItems(items: readonly PackageItem[]): Uint8Array {
  const out = new Uint8Array(items.length * packageItemLength)
  for (const [index, item] of items.entries()) {
    requireU32(item.payer, 'payer')
    requireU32(item.payee, 'payee')
    requireUint(item.amount, 128, 'amount')
    const start = index * packageItemLength
    writeU32(out, start + packageItemOffsets.payer, item.payer)
    writeU32(out, start + packageItemOffsets.payee, item.payee)
    writeU128(out, start + packageItemOffsets.amount, item.amount)
  }
  return out
}

/** Item number `index` of flat item bytes; `index` is below the number of items. */
export function packageItem(items: Uint8Array, index: number): PackageItem {
  const start = index * packageItemLength
  return {
    payer: readU32(items, start + packageItemOffsets.payer),
    payee: readU32(items, start + packageItemOffsets.payee),
    amount: readU128(items, start + packageItemOffsets.amount),
  }
}

/**
 * The package in `bytes`, which hold nothing else. Byte fields of the result are views of `bytes`.
 * Error: TransactionMalformed.
 */
export function decodePackage(bytes: Uint8Array): Package {
  if (bytes[0] !== packageType || bytes.length < packageHeaderLength) {
    malformed(`a package has at least ${packageHeaderLength} bytes and type 0x7c`)
  }
  const count = readU32(bytes, at.itemCount) & 0xffffff
  if (count === 0 || count > maxPackageItems) malformed(`a package has 1 to ${maxPackageItems} items`)
  const length = packageHeaderLength + count * packageItemLength
  if (bytes.length !== length) malformed(`a package of ${count} items has ${length} bytes`)
  const mode = packageModes[bytes[at.mode]!]
  if (mode === undefined) malformed('the mode is neither 0 nor 1')
  return {
    kind: 'package',
    signerKey: bytes.subarray(at.signerKey, at.mark),
    mark: asHash(bytes.subarray(at.mark, at.nonce)),
    nonce: readU64(bytes, at.nonce),
    validUntil: asHeight(readU64(bytes, at.validUntil)),
    asset: asAssetId(readU32(bytes, at.asset)),
    maxFee: readU32(bytes, at.maxFee),
    tip: readU32(bytes, at.tip),
    mode,
    items: bytes.subarray(at.items),
    signature: bytes.subarray(at.signature, at.items),
  }
}

/** The bytes of a package. Error: OptionInvalid where a field does not fit. */
export function encodePackage(tx: Package): Uint8Array {
  requireLength(tx.signature, 64, 'signature')
  const out = new Uint8Array(packageHeaderLength + tx.items.length)
  writeHeader(out, tx)
  out.set(tx.signature, at.signature)
  out.set(tx.items, at.items)
  return out
}

function writeHeader(out: Uint8Array, tx: UnsignedPackage): void {
  const count = tx.items.length / packageItemLength
  if (!Number.isInteger(count) || count < 1 || count > maxPackageItems) {
    fail('OptionInvalid', {
      option: 'items',
      reason: `they are not 1 to ${maxPackageItems} times ${packageItemLength} bytes`,
    })
  }
  requireLength(tx.signerKey, 32, 'signerKey')
  requireLength(tx.mark, hashLength, 'mark')
  requireUint(tx.nonce, 64, 'nonce')
  requireUint(tx.validUntil, 64, 'validUntil')
  requireU32(tx.asset, 'asset')
  requireU32(tx.maxFee, 'maxFee')
  requireU32(tx.tip, 'tip')
  out[0] = packageType
  out.set(tx.signerKey, at.signerKey)
  out.set(tx.mark, at.mark)
  writeU64(out, at.nonce, tx.nonce)
  writeU64(out, at.validUntil, tx.validUntil)
  writeU32(out, at.asset, tx.asset)
  writeU32(out, at.maxFee, tx.maxFee)
  writeU32(out, at.tip, tx.tip)
  // The count takes three bytes; the fourth that this writes is the mode, which follows.
  writeU32(out, at.itemCount, count)
  out[at.mode] = packageModes.indexOf(tx.mode)
}

/**
 * The transaction id, which is what the signer signs. `domain` is that of `banyan/package`.
 * Error: OptionInvalid where a field does not fit.
 */
export function packageId(provider: Hasher, domain: Hash, tx: UnsignedPackage): Hash {
  const header = new Uint8Array(packageHeaderLength)
  writeHeader(header, tx)
  // The third chunk, bytes 65 to 96, ends where the signature starts; the root of the items takes its place.
  header.set(byteListRoot(provider, tx.items, itemsDepth), at.signature)
  return signingRoot(provider, merkleRoot(provider, header.subarray(1, 129), 2), domain)
}

/** Signs a package with the 32-byte seed of its signer's key; `signerKey` follows from the seed. */
export function signPackage(
  provider: CryptoProvider,
  domain: Hash,
  fields: Omit<UnsignedPackage, 'signerKey'>,
  seed: Uint8Array,
): Package {
  const unsigned = { ...fields, signerKey: provider.ed25519.publicKey(seed) }
  const id = packageId(provider, domain, unsigned)
  return { ...unsigned, kind: 'package', signature: provider.ed25519.sign(id, seed) }
}
