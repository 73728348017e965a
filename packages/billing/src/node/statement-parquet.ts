import { banyanError } from '@banyan/base'
import { native } from '@banyan/crypto/native'
import { tableColumns, tableRow } from '../statement/csv.js'
import { type Statement, statementLines } from '../statement/statement.js'

/** Writes a statement as Parquet with one row for each charge, all columns text as in CSV: amounts stay exact. Error: StoreFailed. */
export async function writeStatementParquet(statement: Statement, file: string): Promise<void> {
  try {
    const { DuckDBInstance } = await import('@duckdb/node-api')
    const instance = await DuckDBInstance.create(':memory:')
    const connection = await instance.connect()
    await connection.run(`CREATE TABLE lines (${tableColumns.map((name) => `"${name}" VARCHAR`).join(', ')})`)
    const appender = await connection.createAppender('lines')
    for (const line of statementLines(statement, native.keccak256)) {
      for (const text of tableRow(line)) appender.appendVarchar(text)
      appender.endRow()
    }
    appender.closeSync()
    await connection.run(`COPY lines TO '${file.replaceAll("'", "''")}' (FORMAT parquet, COMPRESSION zstd)`)
    connection.closeSync()
    instance.closeSync()
  } catch (error) {
    throw banyanError('StoreFailed', { reason: (error as Error).message }, error)
  }
}
