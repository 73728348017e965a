import type { Summary } from '@banyan/sdk'
import { type KnownAsset, shownAmount } from './chain.js'

const short = (text: string): string => `${text.slice(0, 8)}…${text.slice(-4)}`

/** A transaction in a line: what moved, from whom to whom. */
export function summaryLine(
  { id, from, to, movements, status }: Summary,
  assets: ReadonlyMap<number, KnownAsset>,
): string {
  const [first] = movements
  const what = first === undefined ? 'call' : shownAmount(first.amount, assets.get(first.asset)!)
  const more = movements.length > 1 ? ` and ${movements.length - 1} more` : ''
  const target = first?.to ?? to
  return `${short(id)}  ${short(from)} → ${target === null ? 'many' : short(target)}  ${what}${more}${status === 'failed' ? '  failed' : ''}`
}
