import {
  type Address,
  addressLength,
  asAddress,
  asChainId,
  asHash,
  type ChainId,
  compareBytes,
  fail,
  fromHex,
  type Hash,
  hashLength,
} from '@banyan/base'
import { malformed, notCanonical } from './malformed.js'
import { requireLength, requireUint } from './ranges.js'
import {
  encodeRlp,
  enterList,
  integerBytes,
  leaveList,
  type RlpCursor,
  type RlpItem,
  readFixed,
  readInteger,
  readIntegerInto,
  readString,
  trimInteger,
} from './rlp.js'

export type AccessListEntry = {
  readonly address: Address
  readonly storageKeys: readonly Hash[]
}

/** An Ethereum transaction before it is signed: type 0 (legacy with EIP-155), 1 (EIP-2930) or 2 (EIP-1559). */
export type UnsignedEthereum = {
  readonly type: 0 | 1 | 2
  readonly chainId: ChainId
  readonly nonce: bigint
  /** Pip per gas. Types 0 and 1 have one gas price, which stands here and in `maxPriorityFeePerGas`. */
  readonly maxFeePerGas: bigint
  readonly maxPriorityFeePerGas: bigint
  readonly gasLimit: bigint
  readonly to: Address
  /** Pip, below 2^128. */
  readonly value: bigint
  readonly data: Uint8Array
  /** Empty for type 0. */
  readonly accessList: readonly AccessListEntry[]
}

export type EthereumTransaction = UnsignedEthereum & {
  readonly kind: 'ethereum'
  /** 32 bytes, big-endian. */
  readonly r: Uint8Array
  /** 32 bytes, big-endian, at most half of the curve's order. */
  readonly s: Uint8Array
  readonly recovery: 0 | 1
}

/** Order of the group of secp256k1 and its half (SEC 2, section 2.4.1), big-endian. */
const order = fromHex('fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141')!
const halfOrder = fromHex('7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0')!
const zeroScalar = new Uint8Array(32)

const u64Bytes = 8
const u128Bytes = 16
/** `v = 35 + 2·chainId + recovery` of EIP-155 exceeds 64 bits for the largest chain ids. */
const legacyVBytes = 9
const eip155Offset = 35n

/**
 * The transaction in `bytes`, which hold nothing else. Byte fields of the result are views of `bytes`. Checks the form
 * only: neither the chain id nor the signature.
 * Errors: TransactionTypeUnknown, TransactionMalformed, TransactionNotCanonical, CreationUnsupported, SignatureInvalid
 * (r or s is no scalar of the curve).
 */
export function decodeEthereum(bytes: Uint8Array): EthereumTransaction {
  const type = bytes[0]
  if (type === undefined) malformed('it is empty')
  if (type >= 0xc0) return decodeLegacy({ bytes, offset: 0 }, bytes.length)
  if (type === 1 || type === 2) return decodeTyped(type, { bytes, offset: 1 }, bytes.length)
  return fail('TransactionTypeUnknown', { type })
}

function decodeLegacy(cursor: RlpCursor, size: number): EthereumTransaction {
  const end = enterList(cursor, size, 'the transaction')
  leaveNothingAfter(end, size)
  const nonce = readInteger(cursor, end, u64Bytes, 'nonce')
  const gasPrice = readInteger(cursor, end, u128Bytes, 'gasPrice')
  const call = readCall(cursor, end)
  const v = readInteger(cursor, end, legacyVBytes, 'v')
  if (v < eip155Offset) malformed('only replay-protected (EIP-155) transactions are allowed')
  const chainId = (v - eip155Offset) >> 1n
  if (chainId >> 64n !== 0n) malformed('the chain id has more than 64 bits')
  const recovery = (v - eip155Offset) & 1n ? 1 : 0
  const { r, s } = readScalars(cursor, end)
  return {
    kind: 'ethereum',
    type: 0,
    chainId: asChainId(chainId),
    nonce,
    maxFeePerGas: gasPrice,
    maxPriorityFeePerGas: gasPrice,
    ...call,
    accessList: [],
    r,
    s,
    recovery,
  }
}

function decodeTyped(type: 1 | 2, cursor: RlpCursor, size: number): EthereumTransaction {
  const end = enterList(cursor, size, 'the transaction')
  leaveNothingAfter(end, size)
  const chainId = asChainId(readInteger(cursor, end, u64Bytes, 'chainId'))
  const nonce = readInteger(cursor, end, u64Bytes, 'nonce')
  const maxPriorityFeePerGas = readInteger(
    cursor,
    end,
    u128Bytes,
    type === 2 ? 'maxPriorityFeePerGas' : 'gasPrice',
  )
  const maxFeePerGas = type === 2 ? readInteger(cursor, end, u128Bytes, 'maxFeePerGas') : maxPriorityFeePerGas
  const call = readCall(cursor, end)
  const accessList = readAccessList(cursor, end)
  const parity = readInteger(cursor, end, 1, 'yParity')
  if (parity > 1n) malformed('yParity is neither 0 nor 1')
  const { r, s } = readScalars(cursor, end)
  return {
    kind: 'ethereum',
    type,
    chainId,
    nonce,
    maxFeePerGas,
    maxPriorityFeePerGas,
    ...call,
    accessList,
    r,
    s,
    recovery: parity === 1n ? 1 : 0,
  }
}

function leaveNothingAfter(end: number, size: number): void {
  if (end !== size) malformed('bytes follow the transaction')
}

function readCall(
  cursor: RlpCursor,
  end: number,
): Pick<UnsignedEthereum, 'gasLimit' | 'to' | 'value' | 'data'> {
  const gasLimit = readInteger(cursor, end, u64Bytes, 'gasLimit')
  const to = readString(cursor, end, 'to')
  if (to.length === 0) fail('CreationUnsupported')
  if (to.length !== addressLength) malformed(`to has ${to.length} bytes instead of ${addressLength}`)
  const value = readInteger(cursor, end, u128Bytes, 'value')
  const data = readString(cursor, end, 'data')
  return { gasLimit, to: asAddress(to), value, data }
}

function readAccessList(cursor: RlpCursor, end: number): readonly AccessListEntry[] {
  const listEnd = enterList(cursor, end, 'accessList')
  const entries: AccessListEntry[] = []
  while (cursor.offset < listEnd) {
    const entryEnd = enterList(cursor, listEnd, 'an access list entry')
    const address = asAddress(readFixed(cursor, entryEnd, addressLength, 'an access list address'))
    const keysEnd = enterList(cursor, entryEnd, 'storageKeys')
    const storageKeys: Hash[] = []
    while (cursor.offset < keysEnd) {
      storageKeys.push(asHash(readFixed(cursor, keysEnd, hashLength, 'a storage key')))
    }
    leaveList(cursor, entryEnd, 'an access list entry')
    entries.push({ address, storageKeys })
  }
  return entries
}

/** The last two fields, and the end of the list. */
function readScalars(cursor: RlpCursor, end: number): { readonly r: Uint8Array; readonly s: Uint8Array } {
  const r = new Uint8Array(32)
  const s = new Uint8Array(32)
  readIntegerInto(cursor, end, r, 'r')
  readIntegerInto(cursor, end, s, 's')
  leaveList(cursor, end, 'the transaction')
  if (!isScalar(r) || !isScalar(s)) fail('SignatureInvalid')
  if (compareBytes(s, halfOrder) > 0) notCanonical("s is above half of the curve's order")
  return { r, s }
}

function isScalar(value: Uint8Array): boolean {
  return compareBytes(value, zeroScalar) > 0 && compareBytes(value, order) < 0
}

/**
 * The bytes of a signed transaction. Errors: OptionInvalid where a field does not fit its type.
 */
export function encodeEthereum(tx: EthereumTransaction): Uint8Array {
  requireLength(tx.r, 32, 'r')
  requireLength(tx.s, 32, 's')
  const scalars = [trimInteger(tx.r), trimInteger(tx.s)]
  if (tx.type === 0) {
    const v = eip155Offset + 2n * tx.chainId + BigInt(tx.recovery)
    return encodeRlp([...unsignedItems(tx), integerBytes(v), ...scalars])
  }
  return encodeRlp([...unsignedItems(tx), integerBytes(BigInt(tx.recovery)), ...scalars], tx.type)
}

/** The bytes whose keccak-256 the sender signs (EIP-155, EIP-2930, EIP-1559). */
export function ethereumSigningBytes(tx: UnsignedEthereum): Uint8Array {
  if (tx.type !== 0) return encodeRlp(unsignedItems(tx), tx.type)
  const none = new Uint8Array(0)
  return encodeRlp([...unsignedItems(tx), integerBytes(tx.chainId), none, none])
}

function unsignedItems(tx: UnsignedEthereum): readonly RlpItem[] {
  checkFields(tx)
  const call = [integerBytes(tx.gasLimit), tx.to, integerBytes(tx.value), tx.data]
  const nonce = integerBytes(tx.nonce)
  const price = integerBytes(tx.maxFeePerGas)
  if (tx.type === 0) return [nonce, price, ...call]
  const accessList = tx.accessList.map((entry) => [entry.address, entry.storageKeys])
  const chainId = integerBytes(tx.chainId)
  if (tx.type === 1) return [chainId, nonce, price, ...call, accessList]
  return [chainId, nonce, integerBytes(tx.maxPriorityFeePerGas), price, ...call, accessList]
}

function checkFields(tx: UnsignedEthereum): void {
  requireUint(tx.chainId, 64, 'chainId')
  requireUint(tx.nonce, 64, 'nonce')
  requireUint(tx.gasLimit, 64, 'gasLimit')
  requireUint(tx.maxFeePerGas, 128, 'maxFeePerGas')
  requireUint(tx.maxPriorityFeePerGas, 128, 'maxPriorityFeePerGas')
  requireUint(tx.value, 128, 'value')
  requireLength(tx.to, addressLength, 'to')
  for (const { address, storageKeys } of tx.accessList) {
    requireLength(address, addressLength, 'accessList')
    for (const key of storageKeys) requireLength(key, hashLength, 'accessList')
  }
  if (tx.type === 0 && tx.accessList.length > 0) {
    fail('OptionInvalid', { option: 'accessList', reason: 'type 0 has no access list' })
  }
  if (tx.type !== 2 && tx.maxPriorityFeePerGas !== tx.maxFeePerGas) {
    fail('OptionInvalid', {
      option: 'maxPriorityFeePerGas',
      reason: `type ${tx.type} has one gas price, so it equals maxFeePerGas`,
    })
  }
}
