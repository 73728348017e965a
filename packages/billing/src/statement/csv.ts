import type { Keccak } from '../charge/seal.js'
import { type Statement, type StatementLine, statementLines } from './statement.js'

/** Names of the columns of tables, in CSV and Parquet alike. */
export const tableColumns = [
  'period',
  'direction',
  'time',
  'charge',
  'service',
  'tier',
  'deal',
  'micro',
  'currency',
  'rate',
  'pip',
  'rowHash',
  'anchor',
  'transaction',
  'block',
] as const

/** Texts of one row, in the order of `tableColumns`. */
export function tableRow(line: StatementLine): readonly string[] {
  const { period, direction, at, id, dservice, tier, deal, micro, currency, rate, pip } = line
  const { rowHash, anchor, transfer } = line
  return [
    ...[period, direction, new Date(at).toISOString(), id, dservice, tier, deal, String(micro), currency],
    ...[String(rate), String(pip), rowHash, anchor, transfer?.id ?? '', String(transfer?.height ?? '')],
  ]
}

/** Quoted where RFC 4180 asks for it. Texts that programs for tables would run as a formula get an apostrophe in front. */
function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** A statement as CSV with one line for each row. */
export function statementCsv(statement: Statement, keccak256: Keccak): string {
  const lines = [tableColumns.join(',')]
  for (const line of statementLines(statement, keccak256)) lines.push(tableRow(line).map(cell).join(','))
  return `${lines.join('\r\n')}\r\n`
}
