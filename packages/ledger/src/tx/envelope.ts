import { fail } from '@banyan/base'
import { decodeEthereum, type EthereumTransaction, encodeEthereum } from './ethereum.js'
import { malformed } from './malformed.js'
import { encodeNative } from './native.js'
import { decodeNative } from './native-decode.js'
import { type Native, nativeType } from './native-format.js'
import { decodePackage, encodePackage, maxPackageLength, type Package, packageType } from './package.js'
import { decodeTransfer, encodeTransfer, type Transfer, transferLength, transferType } from './transfer.js'

export type Transaction = Transfer | Package | Native | EthereumTransaction

/** Largest native or Ethereum envelope in bytes. */
export const maxGeneralLength = 128 * 1024

/**
 * The transaction in `bytes`, which hold nothing else. Its size is checked against the limit of its type before
 * anything is read. Byte fields of the result may be views of `bytes`. Checks the form only, no signature.
 * Errors: TransactionTypeUnknown, TransactionTooLarge, and those of the type's decoder.
 */
export function decodeEnvelope(bytes: Uint8Array): Transaction {
  const type = bytes[0]
  if (type === undefined) malformed('it is empty')
  switch (type) {
    case transferType:
      limitSize(bytes, transferLength)
      return decodeTransfer(bytes)
    case packageType:
      limitSize(bytes, maxPackageLength)
      return decodePackage(bytes)
    case nativeType:
      limitSize(bytes, maxGeneralLength)
      return decodeNative(bytes)
    default:
      if (type > 2 && type < 0xc0) fail('TransactionTypeUnknown', { type })
      limitSize(bytes, maxGeneralLength)
      return decodeEthereum(bytes)
  }
}

function limitSize(bytes: Uint8Array, limit: number): void {
  if (bytes.length > limit) fail('TransactionTooLarge', { size: bytes.length, limit })
}

/**
 * The bytes of a transaction, such that `decodeEnvelope` gives it back.
 * Errors: OptionInvalid where a field does not fit, TransactionTooLarge, and those of the type's encoder.
 */
export function encodeEnvelope(tx: Transaction): Uint8Array {
  switch (tx.kind) {
    case 'transfer':
      return encodeTransfer(tx)
    case 'package':
      return encodePackage(tx)
    case 'native':
      return limited(encodeNative(tx))
    case 'ethereum':
      return limited(encodeEthereum(tx))
  }
}

function limited(bytes: Uint8Array): Uint8Array {
  limitSize(bytes, maxGeneralLength)
  return bytes
}
