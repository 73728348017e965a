import type { Row } from './benchmark.js'
import type { Machine } from './machine.js'

/** A row with everything that follows from it; `null` where it says nothing. */
export type ReportRow = {
  readonly what: string
  readonly unit: string
  readonly ours: number
  readonly against: { readonly name: string; readonly value: number } | null
  /** `ours` divided by the value of the peer or limit. */
  readonly ratio: number | null
  readonly goal: number | null
  readonly holds: boolean | null
  readonly cpuMicros: number | null
}

/** The document that `--json` prints and `--save` keeps. */
export type Report = {
  readonly bench: string
  readonly machine: Machine
  readonly rows: readonly ReportRow[]
}

function holds({ ours, goal, better = 'more' }: Row): boolean | null {
  if (goal === undefined) return null
  return better === 'more' ? ours >= goal : ours <= goal
}

export function completeRow(row: Row): ReportRow {
  return {
    what: row.what,
    unit: row.unit,
    ours: row.ours,
    against: row.against ?? null,
    ratio: row.against === undefined ? null : row.ours / row.against.value,
    goal: row.goal ?? null,
    holds: holds(row),
    cpuMicros: row.cpuMicros ?? null,
  }
}

/** Three significant digits, with a suffix for thousands and millions: 48.1 k, 1.25 M, 0.53. */
function formatFigure(value: number): string {
  const [scaled, suffix] =
    value >= 1e6 ? [value / 1e6, ' M'] : value >= 1e3 ? [value / 1e3, ' k'] : [value, '']
  return `${scaled >= 1000 ? scaled.toFixed(0) : Number(scaled.toPrecision(3))}${suffix}`
}

const figure = (value: number | null) => (value === null ? '' : formatFigure(value))

/** Lines of a table with aligned columns; the first column to the left, figures to the right. */
function alignColumns(cells: readonly (readonly string[])[], leftColumns: readonly number[]): string[] {
  const widths = cells[0]!.map((_, column) => Math.max(...cells.map((row) => row[column]!.length)))
  return cells.map((row) =>
    row
      .map((cell, i) => (leftColumns.includes(i) ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
      .join('  ')
      .trimEnd(),
  )
}

/** The report as a table for people. */
export function formatReport({ machine, rows }: Report): string {
  const header = ['what', 'unit', 'ours', 'beside', '', 'ratio', 'goal', 'holds', 'CPU µs']
  const body = rows.map((row) => [
    row.what,
    row.unit,
    figure(row.ours),
    figure(row.against?.value ?? null),
    row.against?.name ?? '',
    row.ratio === null ? '' : `${row.ratio.toFixed(2)} ×`,
    figure(row.goal),
    row.holds === null ? '' : row.holds ? 'yes' : 'NO',
    figure(row.cpuMicros),
  ])
  return [
    ...alignColumns([header, ...body], [0, 1, 4]),
    '',
    `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.os}, Node ${machine.node}, OpenSSL ${machine.openssl}`,
    `commit ${machine.commit || 'unknown'}, ${machine.date}, load ${machine.load}`,
  ].join('\n')
}
