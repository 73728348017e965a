import { formatAmount } from '@banyan/base'
import type { Asset, Movement, Summary } from '@banyan/sdk'

/** The activity of an account as files for other programs. */

const heads = [
  'time',
  'block',
  'transaction',
  'status',
  'from',
  'to',
  'amount',
  'token',
  'fee paid, FIG',
] as const

/**
 * A cell of a CSV file (RFC 4180). Spreadsheets take text that begins like a formula for one, and names of tokens are chosen by
 * strangers: such text gets an apostrophe before it.
 */
export function csvCell(text: string): string {
  const isAmount = /^-?\d+(\.\d+)?$/.test(text)
  const safe = !isAmount && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** One line for each movement of the account, or one for a transaction that moved nothing of it. Amounts that left it are negative. */
export function activityCsv(
  items: readonly Summary[],
  owner: string,
  assets: ReadonlyMap<number, Asset>,
): string {
  const lines = items.flatMap((summary) => {
    const own = summary.movements.filter(({ from, to }) => from === owner || to === owner)
    return own.length === 0
      ? [lineOf(summary, undefined, owner, assets, true)]
      : own.map((movement, index) => lineOf(summary, movement, owner, assets, index === 0))
  })
  return [heads, ...lines].map((cells) => `${cells.map(csvCell).join(',')}\r\n`).join('')
}

function lineOf(
  summary: Summary,
  movement: Movement | undefined,
  owner: string,
  assets: ReadonlyMap<number, Asset>,
  isFirst: boolean,
): readonly string[] {
  const { timestamp, height, id, status, from, to, fee, sponsor } = summary
  const start = [new Date(timestamp).toISOString(), String(height), id, status]
  const paid = isFirst && from === owner && sponsor === null ? formatAmount(fee) : ''
  if (movement === undefined) return [...start, from, to ?? '', '', '', paid]
  const known = assets.get(movement.asset)
  const sign = movement.from === owner && movement.to !== owner ? '-' : ''
  const amount = `${sign}${formatAmount(movement.amount, known?.decimals ?? 0)}`
  return [...start, movement.from, movement.to, amount, known?.symbol ?? `token ${movement.asset}`, paid]
}

/** The same as the SDK gives it, amounts in base units as text. */
export function activityJson(items: readonly Summary[]): string {
  return `${JSON.stringify(items, (_, value) => (typeof value === 'bigint' ? String(value) : value), 2)}\n`
}
