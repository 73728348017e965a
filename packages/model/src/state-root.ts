import { compareBytes, concatBytes } from '@banyan/base'
import { le } from './integer.js'
import { chunksOf, containerRoot, listRoot } from './merkle.js'
import { accountRow, assetRow, balanceRow, chainRow, recentRow } from './row-bytes.js'
import type { Balance, State } from './state.js'

/** Names of the tables, in the order of their roots under the state root. */
export const tableNames = ['accounts', 'balances', 'utxos', 'storage', 'assets', 'recent', 'chain'] as const

export type TableName = (typeof tableNames)[number]

export function stateRoot(state: State): Uint8Array {
  return containerRoot(tableNames.map((name) => tableRoot(tableRows(state, name))))
}

export function tableRoot(rows: readonly Uint8Array[]): Uint8Array {
  return listRoot(
    rows.map((row) => containerRoot(chunksOf(row))),
    32,
  )
}

/** Bytes of every row of a table, in the order of row numbers. */
export function tableRows(state: State, table: TableName): readonly Uint8Array[] {
  if (table === 'accounts') {
    const accounts = [...state.accounts.values()]
    const next = nextLinks(accounts.map((account) => account.address))
    return accounts.map((account, i) => accountRow(account, next[i]!))
  }
  if (table === 'balances') {
    const zero: Balance = { address: new Uint8Array(20), asset: 0, amount: 0n }
    const balances = [zero, ...state.balances.values()]
    const next = nextLinks(balances.map((row) => concatBytes(row.address, le(row.asset, 4))))
    return balances.map((balance, i) => balanceRow(balance, next[i]!))
  }
  if (table === 'assets') return state.assets.map(assetRow)
  if (table === 'recent') return state.recent.map(recentRow)
  if (table === 'chain') return [chainRow(state)]
  // Nothing in the model creates a UTXO or a storage row: these tables hold row 0 only.
  return [new Uint8Array(128)]
}

/** For each row the number of the row with the next larger key; the row with the largest key leads back to row 0. */
export function nextLinks(keys: readonly Uint8Array[]): number[] {
  const order = keys.map((_, row) => row).sort((a, b) => compareBytes(keys[a]!, keys[b]!))
  const next = new Array<number>(keys.length)
  for (const [position, row] of order.entries()) next[row] = order[(position + 1) % order.length]!
  return next
}
