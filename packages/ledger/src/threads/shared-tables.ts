import { findRow } from '../state/key-index.js'
import type { KeyedTable } from '../state/keyed-table.js'
import { bytesOf } from '../state/memory.js'
import { hashKey } from '../state/slot-table.js'
import type { State } from '../state/state.js'
import type { KeyedReader, StateReaders } from '../state/state-view.js'

/** Rows and hash slots of one keyed table, both in shared memory. */
type SharedTable = {
  readonly words: Uint32Array
  readonly slots: Int32Array
  readonly rowWords: number
  readonly keyWords: number
  readonly seedA: number
  readonly seedB: number
}

/** The tables that calls read. A table that grows moves to other memory; then it must be sent again. */
export type SharedTables = {
  readonly accounts: SharedTable
  readonly balances: SharedTable
  readonly utxos: SharedTable
  readonly storage: SharedTable
  readonly assets: Uint32Array
}

const keyedNames = ['accounts', 'balances', 'utxos', 'storage'] as const

/** The tables of a state as they lie now: `known`, if that is still true. */
export function tablesOf(state: State, known: SharedTables | undefined): SharedTables {
  if (known !== undefined && isCurrent(state, known)) return known
  const { accounts, balances, utxos, storage, assets } = state
  return {
    accounts: sharedTable(accounts),
    balances: sharedTable(balances),
    utxos: sharedTable(utxos),
    storage: sharedTable(storage),
    assets: assets.words,
  }
}

function isCurrent(state: State, known: SharedTables): boolean {
  const moved = keyedNames.some(
    (name) =>
      known[name].words !== state[name].rows.words || known[name].slots !== state[name].index.table.slots,
  )
  return !moved && known.assets === state.assets.words
}

function sharedTable({ rows, index }: KeyedTable): SharedTable {
  const { keyWords, seedA, seedB } = index
  return { words: rows.words, slots: index.table.slots, rowWords: rows.rowWords, keyWords, seedA, seedB }
}

/** Reads the state of another thread, which must not write meanwhile. */
export function tableReaders(tables: SharedTables, assetCount: number): StateReaders {
  return {
    accounts: keyedReader(tables.accounts),
    balances: keyedReader(tables.balances),
    utxos: keyedReader(tables.utxos),
    storage: keyedReader(tables.storage),
    assets: { words: tables.assets, bytes: bytesOf(tables.assets), length: assetCount },
  }
}

function keyedReader({ words, slots, rowWords, keyWords, seedA, seedB }: SharedTable): KeyedReader {
  return {
    rows: { words, bytes: bytesOf(words), rowWords },
    find: (key, offset) =>
      findRow(slots, words, rowWords, keyWords, key, offset, hashKey(key, offset, keyWords, seedA, seedB)),
  }
}
