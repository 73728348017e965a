import { type Address, type AssetId, asAddress, asAssetId, asHash, concatBytes, uintToLe } from '@banyan/base'
import { accountRow, assetRow, balanceRow, storageRow, utxoRow } from './layout.js'
import { readUint } from './u128.js'
import type { Account, Asset, Utxo } from './view.js'

/** Rows of one table, back to back. */
type RowBytes = { readonly words: Uint32Array; readonly bytes: Uint8Array }

export function readAccount({ words }: Pick<RowBytes, 'words'>, row: number): Account {
  const base = (row * accountRow.bytes) / 4
  return {
    nonce: readUint(words, base + accountRow.nonce, 2),
    balance: readUint(words, base + accountRow.balance, 4),
    flags: words[base + accountRow.flags]!,
    delegate: words[base + accountRow.delegate]!,
    utxoCount: words[base + accountRow.utxoCount]!,
  }
}

export function readBalance({ words }: Pick<RowBytes, 'words'>, row: number): bigint {
  return readUint(words, (row * balanceRow.bytes) / 4 + balanceRow.balance, 4)
}

export function readStorage({ words, bytes }: RowBytes, row: number): Uint8Array {
  const length = words[(row * storageRow.bytes) / 4 + storageRow.length]!
  return privateCopy(bytes, row * storageRow.bytes + storageRow.value * 4, length)
}

export function readUtxo({ words, bytes }: RowBytes, row: number): Utxo {
  const base = (row * utxoRow.bytes) / 4
  return {
    id: asHash(privateCopy(bytes, base * 4, 32)),
    owner: asAddress(privateCopy(bytes, (base + utxoRow.owner) * 4, 20)),
    asset: asAssetId(words[base + utxoRow.asset]!),
    amount: readUint(words, base + utxoRow.amount, 4),
    height: readUint(words, base + utxoRow.height, 2),
  }
}

export function readAsset({ words, bytes }: RowBytes, row: number): Asset {
  const base = (row * assetRow.bytes) / 4
  return {
    issuer: asAddress(privateCopy(bytes, base * 4, 20)),
    flags: words[base + assetRow.flags]!,
    decimals: words[base + assetRow.decimals]!,
    supply: readUint(words, base + assetRow.supply, 4),
    cap: readUint(words, base + assetRow.cap, 4),
    metadataHash: asHash(privateCopy(bytes, (base + assetRow.metadataHash) * 4, 32)),
    name: readText(bytes, (base + assetRow.name) * 4),
    symbol: readText(bytes, (base + assetRow.symbol) * 4),
  }
}

/** 32 bytes of UTF-8 padded with zeros. */
function readText(bytes: Uint8Array, start: number): string {
  const text = privateCopy(bytes, start, 32)
  const end = text.indexOf(0)
  return new TextDecoder().decode(end < 0 ? text : text.subarray(0, end))
}

/** Bytes leave shared memory as copies: callers may keep them, and TextDecoder refuses shared memory. */
export function privateCopy(bytes: Uint8Array, start: number, length: number): Uint8Array {
  const copy = new Uint8Array(length)
  copy.set(bytes.subarray(start, start + length))
  return copy
}

/** A single row as a table of its own. */
function tableOf(row: Uint8Array): RowBytes {
  const bytes = Uint8Array.from(row)
  return { bytes, words: new Uint32Array(bytes.buffer) }
}

/** What the bytes of one row say, such as those of a proven one. docs/formats.md "State". */
export const rowReaders = {
  account: (row: Uint8Array): Account => readAccount(tableOf(row), 0),
  balance: (row: Uint8Array): bigint => readBalance(tableOf(row), 0),
  storage: (row: Uint8Array): Uint8Array => readStorage(tableOf(row), 0),
  utxo: (row: Uint8Array): Utxo => readUtxo(tableOf(row), 0),
  asset: (row: Uint8Array): Asset => readAsset(tableOf(row), 0),
} as const

/** Key of a row of balances: address ‖ asset number. */
export function balanceRowKey(owner: Address, asset: AssetId): Uint8Array {
  return concatBytes(owner, uintToLe(BigInt(asset), 4))
}
