import { asHash, assert, type Hash } from '@banyan/base'
import type { KeyedTable } from './keyed-table.js'
import { accountRow, utxoRow } from './layout.js'
import { readAccount, readAsset, readBalance, readStorage, readUtxo } from './read-rows.js'
import type { Rows } from './rows.js'
import type { State } from './state.js'
import { balanceKey, keyOf } from './state-view.js'
import type { StateView } from './view.js'

/** Place of the only row in a table of one row. */
const only = 0
/** The row that was looked at last, as it was finally. No row is longer. */
const found = new Uint32Array(256 / 4)

/**
 * The state before the oldest block that can be undone: after the newest final one. Rows come from the images that are
 * kept to undo blocks. The view follows the state: it shows what is final when it is asked.
 */
export function finalView(state: State): StateView {
  return {
    account: (address) =>
      findFinal(state.accounts, keyOf(address)) < 0 ? undefined : readAccount({ words: found }, only),
    accountNumber: (address) => {
      const row = findFinal(state.accounts, keyOf(address))
      return row < 0 ? undefined : row
    },
    balance: (owner, asset) =>
      findFinal(state.balances, balanceKey(owner, asset)) < 0 ? 0n : readBalance({ words: found }, only),
    hasBalance: (owner, asset) => findFinal(state.balances, balanceKey(owner, asset)) >= 0,
    storage: (key) => {
      const words = finalRowOf(state.storage, keyOf(key))
      return words && readStorage(oneRow(words), only)
    },
    utxo: (id) => {
      const words = finalRowOf(state.utxos, keyOf(id))
      return words && readUtxo(oneRow(words), only)
    },
    utxosOf: (owner, limit) => ownersUtxos(state, findFinal(state.accounts, keyOf(owner)), limit),
    newestUtxo: (owner) => {
      const row = findFinal(state.accounts, keyOf(owner))
      return row < 0 ? undefined : utxoId(state, state.accounts.rows.finalRow(row)[accountRow.firstUtxo]!)
    },
    utxoNeighbours: (id) => {
      const row = findFinal(state.utxos, keyOf(id))
      assert(row >= 0, 'only a UTXO that exists has neighbours')
      const words = state.utxos.rows.finalRow(row)
      return {
        newer: utxoId(state, words[utxoRow.ownerPrevious]!),
        older: utxoId(state, words[utxoRow.ownerNext]!),
      }
    },
    asset: (asset) => {
      if (asset >= state.assets.finalLength) return undefined
      const words = state.assets.finalRow(asset)
      return readAsset(oneRow(words), only)
    },
    assetCount: () => state.assets.finalLength,
  }
}

function oneRow(words: Uint32Array) {
  return { words, bytes: new Uint8Array(words.buffer) }
}

/** A copy of the row that had this key finally. */
function finalRowOf(table: KeyedTable, key: Uint32Array): Uint32Array | undefined {
  const row = findFinal(table, key)
  return row < 0 ? undefined : table.rows.finalRow(row)
}

/** Number of the row that had this key finally, -1 if none had. The row is left in `found`. */
function findFinal(table: KeyedTable, key: Uint32Array): number {
  const { rows } = table
  const now = table.find(key, 0)
  if (now >= 0 && now < rows.finalLength && isFinalKey(rows, now, key)) return now
  // The row may have been freed since.
  for (const { index, freed, rows: numbers, count, images } of rows.frames) {
    for (const row of freed) {
      if (row >= rows.finalLength) continue
      const place = index.find(numbers, count, row)
      if (images[place * rows.rowWords] === key[0] && isFinalKey(rows, row, key)) return row
    }
  }
  return -1
}

function isFinalKey(rows: Rows, row: number, key: Uint32Array): boolean {
  rows.copyFinal(row, found)
  for (let i = 0; i < key.length; i++) if (found[i] !== key[i]) return false
  return true
}

/** Id of the output whose row this is; row 0 is none. */
function utxoId({ utxos }: State, row: number): Hash | undefined {
  if (row === 0) return undefined
  return asHash(new Uint8Array(utxos.rows.finalRow(row).buffer).slice(0, 32))
}

function ownersUtxos(state: State, account: number, limit: number): readonly Hash[] {
  if (account < 0) return []
  const { rows } = state.utxos
  const ids: Hash[] = []
  let row = state.accounts.rows.finalRow(account)[accountRow.firstUtxo]!
  while (row !== 0 && ids.length < limit) {
    const words = rows.finalRow(row)
    ids.push(asHash(new Uint8Array(words.buffer).slice(0, 32)))
    row = words[utxoRow.ownerNext]!
  }
  return ids
}
