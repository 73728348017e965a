import {
  type Address,
  type AssetId,
  addressLength,
  asAddress,
  asAssetId,
  asHash,
  asHeight,
  type Hash,
  type Height,
  hashLength,
} from '@banyan/base'
import { type CryptoProvider, type Hasher, merkleRoot, signingRoot } from '@banyan/crypto'
import { readU32, readU64, readU128, writeU32, writeU64, writeU128 } from './little-endian.js'
import { malformed } from './malformed.js'
import { requireLength, requireU32, requireUint } from './ranges.js'

export const transferType = 0x7a

/** Bytes of a transfer without its type byte: the form in which batches hold it. */
export const transferRecordLength = 192
/** Bytes of a transfer as an envelope. */
export const transferLength = 1 + transferRecordLength
/** The part of a record that is signed: four Merkle chunks. */
const transferBodyLength = 128

/** Offsets of the fields in a record, that is, after the type byte. */
export const transferOffsets = {
  payerKey: 0,
  mark: 32,
  payee: 64,
  asset: 84,
  nonce: 88,
  amount: 96,
  maxFee: 112,
  tip: 116,
  validUntil: 120,
  signature: 128,
} as const

export type UnsignedTransfer = {
  /** ed25519 public key, 32 bytes. */
  readonly payerKey: Uint8Array
  /** Id of one of the last 64 blocks. */
  readonly mark: Hash
  readonly payee: Address
  readonly asset: AssetId
  /** Any 64-bit number that makes the transfer unique. */
  readonly nonce: bigint
  /** Base units, below 2^128. */
  readonly amount: bigint
  /** Largest fee, tip included, in nano-FIG; 32 bits. */
  readonly maxFee: number
  /** nano-FIG; 32 bits. */
  readonly tip: number
  /** Last height at which it may be included. */
  readonly validUntil: Height
}

export type Transfer = UnsignedTransfer & {
  readonly kind: 'transfer'
  /** 64 bytes. */
  readonly signature: Uint8Array
}

const at = transferOffsets

/**
 * The transfer in `bytes` (193 bytes, type included). Byte fields of the result are views of `bytes`. Every content of
 * the fields has a meaning, so only type and length can be wrong. Error: TransactionMalformed.
 */
export function decodeTransfer(bytes: Uint8Array): Transfer {
  if (bytes[0] !== transferType || bytes.length !== transferLength) {
    malformed(`a transfer has ${transferLength} bytes and type 0x7a`)
  }
  const record = bytes.subarray(1)
  return {
    kind: 'transfer',
    payerKey: record.subarray(at.payerKey, at.mark),
    mark: asHash(record.subarray(at.mark, at.payee)),
    payee: asAddress(record.subarray(at.payee, at.asset)),
    asset: asAssetId(readU32(record, at.asset)),
    nonce: readU64(record, at.nonce),
    amount: readU128(record, at.amount),
    maxFee: readU32(record, at.maxFee),
    tip: readU32(record, at.tip),
    validUntil: asHeight(readU64(record, at.validUntil)),
    signature: record.subarray(at.signature, transferRecordLength),
  }
}

/** The 193 bytes of a transfer. Error: OptionInvalid where a field does not fit. */
export function encodeTransfer(transfer: Transfer): Uint8Array {
  requireLength(transfer.signature, 64, 'signature')
  const out = new Uint8Array(transferLength)
  out[0] = transferType
  const record = out.subarray(1)
  writeBody(record, transfer)
  record.set(transfer.signature, at.signature)
  return out
}

function writeBody(record: Uint8Array, transfer: UnsignedTransfer): void {
  requireLength(transfer.payerKey, 32, 'payerKey')
  requireLength(transfer.mark, hashLength, 'mark')
  requireLength(transfer.payee, addressLength, 'payee')
  requireU32(transfer.asset, 'asset')
  requireUint(transfer.nonce, 64, 'nonce')
  requireUint(transfer.amount, 128, 'amount')
  requireU32(transfer.maxFee, 'maxFee')
  requireU32(transfer.tip, 'tip')
  requireUint(transfer.validUntil, 64, 'validUntil')
  record.set(transfer.payerKey, at.payerKey)
  record.set(transfer.mark, at.mark)
  record.set(transfer.payee, at.payee)
  writeU32(record, at.asset, transfer.asset)
  writeU64(record, at.nonce, transfer.nonce)
  writeU128(record, at.amount, transfer.amount)
  writeU32(record, at.maxFee, transfer.maxFee)
  writeU32(record, at.tip, transfer.tip)
  writeU64(record, at.validUntil, transfer.validUntil)
}

/** The transaction id, which is what the payer signs. `domain` is that of `banyan/transfer`. */
export function transferId(provider: Hasher, domain: Hash, transfer: UnsignedTransfer): Hash {
  const body = new Uint8Array(transferBodyLength)
  writeBody(body, transfer)
  return signingRoot(provider, merkleRoot(provider, body, 2), domain)
}

/** Signs a transfer with the 32-byte seed of its payer's key; `payerKey` follows from the seed. */
export function signTransfer(
  provider: CryptoProvider,
  domain: Hash,
  fields: Omit<UnsignedTransfer, 'payerKey'>,
  seed: Uint8Array,
): Transfer {
  const unsigned = { ...fields, payerKey: provider.ed25519.publicKey(seed) }
  const id = transferId(provider, domain, unsigned)
  return { ...unsigned, kind: 'transfer', signature: provider.ed25519.sign(id, seed) }
}
