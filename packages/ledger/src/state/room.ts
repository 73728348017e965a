import { type TableName, tableNames } from '@banyan/crypto'
import { accountRow, assetRow, balanceRow, storageRow, utxoRow } from './layout.js'
import type { State } from './state.js'

/** Tables in which transactions can make rows, with the bytes of a row. */
const rowBytes = {
  accounts: accountRow.bytes,
  balances: balanceRow.bytes,
  utxos: utxoRow.bytes,
  storage: storageRow.bytes,
  assets: assetRow.bytes,
} as const

/** Numbers of rows by table: those that a transaction makes, or those that there is room for. */
export type RowCounts = Readonly<Record<keyof typeof rowBytes, number>>

const countedTables = tableNames.filter((name): name is TableName & keyof RowCounts => name in rowBytes)

export const noRows: RowCounts = { accounts: 0, balances: 0, utxos: 0, storage: 0, assets: 0 }

/** For calls that run before it is known how many rows those before them make. */
export const unboundedRoom: RowCounts = {
  accounts: Number.POSITIVE_INFINITY,
  balances: Number.POSITIVE_INFINITY,
  utxos: Number.POSITIVE_INFINITY,
  storage: Number.POSITIVE_INFINITY,
  assets: Number.POSITIVE_INFINITY,
}

/** Rows that the next transaction may make. */
export function roomOf({ accounts, balances, utxos, storage, assets }: State): RowCounts {
  return {
    accounts: accounts.room(),
    balances: balances.room(),
    utxos: utxos.room(),
    storage: storage.room(),
    assets: assets.maxRows - assets.length,
  }
}

/** The first table without room for the rows, `undefined` if all have it. */
export function fullTable(rows: RowCounts, room: RowCounts): TableName | undefined {
  return countedTables.find((name) => rows[name] > room[name])
}

export function addRows(a: RowCounts, b: RowCounts): RowCounts {
  return {
    accounts: a.accounts + b.accounts,
    balances: a.balances + b.balances,
    utxos: a.utxos + b.utxos,
    storage: a.storage + b.storage,
    assets: a.assets + b.assets,
  }
}

export function bytesOf(rows: RowCounts): number {
  return countedTables.reduce((bytes, name) => bytes + rows[name] * rowBytes[name], 0)
}
