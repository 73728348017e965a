/** A state table whose rows are found by key: they form a ring in the order of their keys, from row 0 back to row 0. */
export type KeyedLayout = {
  readonly rowBytes: number
  readonly keyOffset: number
  readonly keyLength: number
  /** Where the 4-byte number of the row with the next key is. */
  readonly nextOffset: number
}

/** A state table whose rows are found by number. */
export type DenseLayout = { readonly rowBytes: number }

/** The tables of docs/formats.md, "State", in the order of their roots under the state root. */
export const tableNames = ['accounts', 'balances', 'utxos', 'storage', 'assets', 'recent', 'chain'] as const

export type TableName = (typeof tableNames)[number]

/** Row layouts of docs/formats.md, "State". */
export const tableLayouts = {
  accounts: { rowBytes: 64, keyOffset: 0, keyLength: 20, nextOffset: 48 },
  balances: { rowBytes: 64, keyOffset: 0, keyLength: 24, nextOffset: 24 },
  utxos: { rowBytes: 128, keyOffset: 0, keyLength: 32, nextOffset: 56 },
  storage: { rowBytes: 128, keyOffset: 0, keyLength: 32, nextOffset: 52 },
  assets: { rowBytes: 256 },
  recent: { rowBytes: 128 },
  chain: { rowBytes: 256 },
} as const satisfies Record<TableName, KeyedLayout | DenseLayout>

export type KeyedTableName = 'accounts' | 'balances' | 'utxos' | 'storage'

/** A table is a list of at most 2^32 rows. */
export const rowLimitDepth = 32

/** Depth of the container of the seven table roots. */
export const tableRootDepth = 3
