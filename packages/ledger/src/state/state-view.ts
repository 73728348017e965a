import { type Address, type AssetId, asHash, assert, type Hash } from '@banyan/base'
import { accountRow, balanceRow, utxoRow } from './layout.js'
import { privateCopy, readAccount, readAsset, readBalance, readStorage, readUtxo } from './read-rows.js'
import type { StateView } from './view.js'

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
      return row < 0 ? undefined : readAccount(tables.accounts.rows, row)
    },
    accountNumber: (address) => {
      const row = accountRowOf(address)
      return row < 0 ? undefined : row
    },
    balance: (owner, asset) => {
      const row = find(tables.balances, balanceKey(owner, asset))
      return row < 0 ? 0n : readBalance(tables.balances.rows, row)
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

/** The words of an address or hash, as a lookup key. Computed: a view of other bytes would cost several times as much. */
export function keyOf(bytes: Uint8Array): Uint32Array {
  const key = new Uint32Array(bytes.length / 4)
  fillKey(key, bytes)
  return key
}

export function balanceKey(owner: Address, asset: AssetId): Uint32Array {
  const key = new Uint32Array(balanceRow.keyWords)
  fillKey(key, owner)
  key[balanceRow.asset] = asset
  return key
}

function fillKey(key: Uint32Array, bytes: Uint8Array): void {
  for (let i = 0, at = 0; at < bytes.length; i++, at += 4) {
    key[i] = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)
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
