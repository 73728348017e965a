import type { Hex } from '@banyan/base'
import type { SignedTransfer, Way } from './event.js'
import type { PlanLine } from './plan.js'
import { carriedTotal, type Obligation, type RollUp } from './state.js'

/** What is to be done now. The result of a step is an event; until that is durable the step is due again, after a crash too. */
export type Step = {
  readonly way: Way
  readonly account: Hex
} & (
  | { readonly do: 'sign'; readonly line: PlanLine }
  | { readonly do: 'settle'; readonly line: PlanLine; readonly transfer: SignedTransfer }
  /** Holds money of the customer; `key` is the same whenever this step is done again. */
  | { readonly do: 'reserve'; readonly key: string; readonly missing: bigint }
  /** Takes the money that is held, and gives the coin. */
  | { readonly do: 'deliver'; readonly key: string; readonly missing: bigint }
)

export type Next =
  | { readonly phase: 'idle' }
  | { readonly phase: 'collect' | 'pay'; readonly steps: readonly Step[] }
  /** All is paid: the payout account must hold what is carried over. */
  | { readonly phase: 'close'; readonly period: string; readonly carried: bigint }

/** All collections come before the first payout: the payout account never owes. */
export function nextSteps(rollUp: RollUp): Next {
  const { plan, isOpen } = rollUp
  if (plan === undefined || !isOpen) return { phase: 'idle' }
  const open = [...rollUp.obligations.values()].filter(
    ({ state }) => state !== 'settled' && state !== 'carried',
  )
  const collections = open.filter(({ way }) => way !== 'pay')
  const now = collections.length > 0 ? collections : open
  if (now.length > 0) {
    const phase = collections.length > 0 ? 'collect' : 'pay'
    return { phase, steps: now.map((obligation) => stepOf(plan.period, obligation)) }
  }
  return { phase: 'close', period: plan.period, carried: carriedAfter(rollUp) }
}

function stepOf(period: string, obligation: Obligation): Step {
  const { line, way, state, transfer, missing, topUps } = obligation
  const common = { way, account: line.account }
  if (state === 'signed') return { ...common, do: 'settle', line, transfer: transfer! }
  if (state === 'due') return { ...common, do: 'sign', line }
  const key = `${period}/${line.account}/${topUps}`
  return { ...common, do: state === 'short' ? 'reserve' : 'deliver', key, missing }
}

/** What will be carried over once the period is closed. */
function carriedAfter(rollUp: RollUp): bigint {
  let total = carriedTotal(rollUp)
  for (const { line, way, state } of rollUp.obligations.values()) {
    if (way !== 'pay') continue
    total -= line.carried
    if (state === 'carried') total += line.total + line.carried
  }
  return total
}
