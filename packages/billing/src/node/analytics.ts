import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { banyanError, fail } from '@banyan/base'
import type { DuckDBAppender, DuckDBConnection } from '@duckdb/node-api'
import type { Row } from '../charge/charge.js'
import { publicColumns } from '../charge/columns.js'
import { decodePublic } from '../charge/decode.js'
import { type GroupColumn, maxTotals, type Total } from '../store/port.js'

/** Public columns of rows in a DuckDB file: for questions only, since the journal has them all. One process has the file open. */
export type Analytics = {
  /** Sequence of the newest row that is in; 0 if there is none. */
  readonly last: () => Promise<number>
  /** Adds rows that follow the newest one. */
  readonly load: (rows: AsyncIterable<readonly Row[]>) => Promise<void>
  /** Forgets rows before a sequence. */
  readonly forgetBefore: (sequence: number) => Promise<void>
  /** Forgets all rows. */
  readonly clear: () => Promise<void>
  readonly sequenceOf: (id: string) => Promise<number | undefined>
  readonly totals: (from: number, to: number, by: GroupColumn) => Promise<readonly Total[]>
  /** Writes rows `from` to `to` as Parquet, compressed. */
  readonly exportParquet: (from: number, to: number, file: string) => Promise<void>
  readonly close: () => void
}

const table = `CREATE TABLE IF NOT EXISTS charges (sequence BIGINT, ${publicColumns
  .map(({ name, kind }) => `"${name}" ${kind === 'uint64' ? 'BIGINT' : 'VARCHAR'}`)
  .join(', ')})`

/** Runs what asks DuckDB. Error: StoreFailed. */
async function asking<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    throw banyanError('StoreFailed', { reason: (error as Error).message }, error)
  }
}

function appendRow(appender: DuckDBAppender, { sequence, public: open }: Row): void {
  const values = decodePublic(open)
  appender.appendBigInt(BigInt(sequence))
  for (const { name } of publicColumns) {
    const value = values[name]
    if (typeof value === 'bigint') appender.appendBigInt(value)
    else appender.appendVarchar(value)
  }
  appender.endRow()
}

/** Opens or makes a file. Error: StoreFailed. */
export async function openAnalytics(file: string): Promise<Analytics> {
  await mkdir(dirname(file), { recursive: true })
  // Its library takes as much memory as all else of a store: nobody has it who asks nothing.
  const { DuckDBInstance } = await import('@duckdb/node-api')
  const instance = await asking(() => DuckDBInstance.create(file))
  const connection: DuckDBConnection = await asking(() => instance.connect())
  await asking(() => connection.run(table))

  const rows = async (sql: string, values: (string | bigint)[]) =>
    (await asking(() => connection.runAndReadAll(sql, values))).getRows()

  return {
    last: async () => {
      const [row] = await rows('SELECT max(sequence) FROM charges', [])
      return Number(row?.[0] ?? 0n)
    },
    load: async (groups) => {
      const appender = await asking(() => connection.createAppender('charges'))
      try {
        for await (const group of groups) for (const row of group) appendRow(appender, row)
      } finally {
        appender.closeSync()
      }
    },
    forgetBefore: async (sequence) => {
      const [row] = await rows('SELECT min(sequence) FROM charges', [])
      if (row?.[0] == null || Number(row[0]) >= sequence) return
      await rows('DELETE FROM charges WHERE sequence < $1', [BigInt(sequence)])
    },
    clear: async () => {
      await asking(() => connection.run('DELETE FROM charges'))
    },
    sequenceOf: async (id) => {
      const [row] = await rows('SELECT sequence FROM charges WHERE id = $1', [id])
      return row === undefined ? undefined : Number(row[0])
    },
    totals: async (from, to, by) => {
      if (!publicColumns.some(({ name }) => name === by))
        fail('OptionInvalid', { option: 'by', reason: 'no column' })
      const sql = `SELECT "${by}", count(*), sum("enterpriseAmount" + "houseAmount") AS price FROM charges
        WHERE sequence BETWEEN $1 AND $2 GROUP BY 1 ORDER BY price DESC, 1 LIMIT ${maxTotals}`
      const found = await rows(sql, [BigInt(from), BigInt(to)])
      return found.map(([name, count, price]) => ({
        name: String(name),
        count: Number(count),
        price: price as bigint,
      }))
    },
    exportParquet: async (from, to, path) => {
      const quoted = path.replaceAll("'", "''")
      const sql = `COPY (SELECT * FROM charges WHERE sequence BETWEEN ${BigInt(from)} AND ${BigInt(to)} ORDER BY sequence)
        TO '${quoted}' (FORMAT parquet, COMPRESSION zstd)`
      await asking(() => connection.run(sql))
    },
    close: () => {
      connection.closeSync()
      instance.closeSync()
    },
  }
}
