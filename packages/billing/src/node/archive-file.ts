import { banyanError } from '@banyan/base'
import { native } from '@banyan/crypto/native'
import type { DuckDBValue } from '@duckdb/node-api'
import type { Row } from '../charge/charge.js'
import { type PublicColumns, publicColumns } from '../charge/columns.js'
import { encodeColumns } from '../charge/encode.js'

/** Rows that are read at once. */
const pageRows = 20_000
const noBytes = new Uint8Array(0)

/** Public parts of rows, with their hashes, from a file that `exportParquet` has written, in their order. Error: StoreFailed. */
export async function* readArchiveFile(
  file: string,
  first: number,
  last: number,
): AsyncGenerator<readonly Row[], void, undefined> {
  const { DuckDBInstance } = await import('@duckdb/node-api')
  const failed = (error: unknown): never => {
    throw banyanError('StoreFailed', { reason: (error as Error).message }, error)
  }
  const instance = await DuckDBInstance.create(':memory:').catch(failed)
  const connection = await instance.connect().catch(failed)
  const names = publicColumns.map(({ name }) => `"${name}"`).join(', ')
  const sql = `SELECT sequence, ${names} FROM read_parquet($1) WHERE sequence BETWEEN $2 AND $3 ORDER BY sequence`
  try {
    for (let from = first; from <= last; from += pageRows) {
      const to = Math.min(last, from + pageRows - 1)
      const page = await connection.runAndReadAll(sql, [file, BigInt(from), BigInt(to)]).catch(failed)
      yield page.getRows().map(rowOf)
    }
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

function rowOf([sequence, ...values]: DuckDBValue[]): Row {
  const columns = Object.fromEntries(publicColumns.map(({ name }, i) => [name, values[i]])) as PublicColumns
  const open = encodeColumns(columns)
  return {
    sequence: Number(sequence),
    public: open,
    rowHash: native.keccak256(open),
    private: noBytes,
    custom: noBytes,
  }
}
