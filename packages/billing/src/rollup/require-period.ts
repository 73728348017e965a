import { fail, type Hex } from '@banyan/base'
import type { Row } from '../charge/charge.js'
import type { Keccak } from '../charge/seal.js'
import { type Plan, type PlanLine, planPeriod } from './plan.js'

/** Checks that rows are those of a period: every anchor of its plan follows from them. Errors: PeriodInvalid, StatementInvalid. */
export async function requirePeriod(
  rows: AsyncIterable<readonly Row[]>,
  plan: Plan,
  { region, keccak256 }: { readonly region: string; readonly keccak256: Keccak },
): Promise<void> {
  const { period, first } = plan
  const carries = new Map(
    plan.lines
      .filter(({ direction, carried }) => direction === 'out' && carried > 0n)
      .map(({ account, carried: amount, carriedAnchor: anchor }) => [account, { amount, anchor }] as const),
  )
  const again = await planPeriod(rows, { region, period, keccak256, leastPayout: 0n, carries, first })
  const anchors = new Map(again.lines.map((line) => [keyOf(line), line.anchor]))
  if (again.last !== plan.last) refuse(period, `${again.last - first + 1} rows are there`)
  for (const line of plan.lines) {
    if (anchors.get(keyOf(line)) !== line.anchor)
      refuse(period, `the rows of ${line.account} do not lead to its anchor`)
  }
}

function keyOf({ direction, account }: PlanLine): Hex {
  return `${account}${direction}`
}

function refuse(period: string, reason: string): never {
  return fail('PeriodInvalid', { period, reason })
}
