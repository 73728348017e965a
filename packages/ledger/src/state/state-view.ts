import { type Address, type AssetId, asAddress, asAssetId, asHash, assert, type Hash } from '@banyan/base'
import { accountRow, assetRow, balanceRow, storageRow, utxoRow } from './layout.js'
import { readUint } from './u128.js'
import type { Account, Asset, StateView, Utxo } from './view.js'

/** Rows and lookup of one keyed table: the state's own, or a worker's view of shared memory. */
export type KeyedReader = {
  readonly rows: { readonly words: Uint32Array; readonly bytes: Uint8Array; readonly rowWords: number }
  readonly find: (key: Uint32Array, offset: number) => number
}

export type StateReaders = {
  readonly accounts: KeyedReader
  readonly balances: KeyedReader
  readonly utxos: KeyedReader
  readonly storage: KeyedReader
  readonly assets: { readonly words: Uint32Array; readonly bytes: Uint8Array; readonly length: number }
}

/** Reads rows as objects: the view that contract calls execute above. */
export function stateView(tables: StateReaders): StateView {
  const find = (table: KeyedReader, key: Uint32Array): number => table.find(key, 0)
  const accountRowOf = (address: Address): number => find(tables.accounts, keyOf(address))
  return {
    account: (address) => {
      const row = accountRowOf(address)
      return row < 0 ? undefined : readAccount(tables.accounts.rows.words, row)
    },
    accountNumber: (address) => {
      const row = accountRowOf(address)
      return row < 0 ? undefined : row
    },
    balance: (owner, asset) => {
      const row = find(tables.balances, balanceKey(owner, asset))
      return row < 0 ? 0n : readUint(tables.balances.rows.words, row * 16 + balanceRow.balance, 4)
    },
    hasBalance: (owner, asset) => find(tables.balances, balanceKey(owner, asset)) >= 0,
    storage: (key) => {
      const row = find(tables.storage, keyOf(key))
      return row < 0 ? undefined : readStorage(tables.storage.rows, row)
    },
    utxo: (id) => {
      const row = find(tables.utxos, keyOf(id))
      return row < 0 ? undefined : readUtxo(tables.utxos.rows, row)
    },
    utxosOf: (owner, limit) => {
      const row = accountRowOf(owner)
      return row < 0 ? [] : readOwnersUtxos(tables, row, limit)
    },
    newestUtxo: (owner) => {
      const row = accountRowOf(owner)
      return row < 0
        ? undefined
        : utxoIdAt(tables.utxos, tables.accounts.rows.words[row * 16 + accountRow.firstUtxo]!)
    },
    utxoNeighbours: (id) => {
      const row = find(tables.utxos, keyOf(id))
      assert(row >= 0, 'only a UTXO that exists has neighbours')
      const { words, rowWords } = tables.utxos.rows
      const base = row * rowWords
      return {
        newer: utxoIdAt(tables.utxos, words[base + utxoRow.ownerPrevious]!),
        older: utxoIdAt(tables.utxos, words[base + utxoRow.ownerNext]!),
      }
    },
    asset: (asset) => (asset < tables.assets.length ? readAsset(tables.assets, asset) : undefined),
    assetCount: () => tables.assets.length,
  }
}

/** The words of an address or hash, as a lookup key. */
export function keyOf(bytes: Uint8Array): Uint32Array {
  const copy = new Uint8Array(bytes.length)
  copy.set(bytes)
  return new Uint32Array(copy.buffer)
}

export function balanceKey(owner: Address, asset: AssetId): Uint32Array {
  const key = new Uint32Array(balanceRow.keyWords)
  new Uint8Array(key.buffer).set(owner)
  key[balanceRow.asset] = asset
  return key
}

/** The account whose row stands at `row`. */
export function readAccount(words: Uint32Array, row: number): Account {
  const base = row * 16
  return {
    nonce: readUint(words, base + accountRow.nonce, 2),
    balance: readUint(words, base + accountRow.balance, 4),
    flags: words[base + accountRow.flags]!,
    delegate: words[base + accountRow.delegate]!,
    utxoCount: words[base + accountRow.utxoCount]!,
  }
}

/** The value whose row stands at `row`. */
export function readStorage({ words, bytes, rowWords }: KeyedReader['rows'], row: number): Uint8Array {
  const length = words[row * rowWords + storageRow.length]!
  const start = row * storageRow.bytes + storageRow.value * 4
  return privateCopy(bytes, start, length)
}

/** The output whose row stands at `row`. */
export function readUtxo({ words, bytes, rowWords }: KeyedReader['rows'], row: number): Utxo {
  const base = row * rowWords
  return {
    id: asHash(privateCopy(bytes, base * 4, 32)),
    owner: asAddress(privateCopy(bytes, (base + utxoRow.owner) * 4, 20)),
    asset: asAssetId(words[base + utxoRow.asset]!),
    amount: readUint(words, base + utxoRow.amount, 4),
    height: readUint(words, base + utxoRow.height, 2),
  }
}

/** Id of the UTXO in a row; row 0 stands for none. */
function utxoIdAt(table: KeyedReader, row: number): Hash | undefined {
  const { bytes, rowWords } = table.rows
  return row === 0 ? undefined : asHash(privateCopy(bytes, row * rowWords * 4, 32))
}

function readOwnersUtxos(tables: StateReaders, account: number, limit: number): readonly Hash[] {
  const { words, bytes, rowWords } = tables.utxos.rows
  const ids: Hash[] = []
  let row = tables.accounts.rows.words[account * 16 + accountRow.firstUtxo]!
  while (row !== 0 && ids.length < limit) {
    ids.push(asHash(privateCopy(bytes, row * rowWords * 4, 32)))
    row = words[row * rowWords + utxoRow.ownerNext]!
  }
  return ids
}

/** The asset whose row stands at `place` of a table. */
export function readAsset({ words, bytes }: StateReaders['assets'], place: number): Asset {
  const base = place * (assetRow.bytes / 4)
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
function privateCopy(bytes: Uint8Array, start: number, length: number): Uint8Array {
  const copy = new Uint8Array(length)
  copy.set(bytes.subarray(start, start + length))
  return copy
}
