import { assert, type Hex } from '@banyan/base'
import type { BillingEvent, SignedTransfer, Way } from './event.js'
import type { Carry, Plan, PlanLine } from './plan.js'

/** What a line of the plan still needs. */
export type Obligation = {
  readonly line: PlanLine
  way: Way
  /** `short`: a top-up is due; `reserved`: its money is held, and the coin has to be delivered. */
  state: 'due' | 'signed' | 'short' | 'reserved' | 'settled' | 'carried'
  attempts: number
  topUps: number
  missing: bigint
  transfer: SignedTransfer | undefined
}

/** Where settlement stands: what follows from all events so far, and nothing else. */
export type RollUp = {
  readonly maxTopUps: number
  /** Of the newest plan. */
  plan: Plan | undefined
  isOpen: boolean
  readonly obligations: Map<string, Obligation>
  readonly carries: Map<Hex, Carry>
  /** Accounts that could not be collected from, with the period. */
  readonly flagged: Map<Hex, string>
}

/** Payouts that fail so often are carried over. */
const maxPayAttempts = 3

export function createRollUp(maxTopUps: number): RollUp {
  return {
    maxTopUps,
    plan: undefined,
    isOpen: false,
    obligations: new Map(),
    carries: new Map(),
    flagged: new Map(),
  }
}

/** pip that a line moves. */
export function amountOf({ total, carried }: PlanLine): bigint {
  return total + carried
}

/** Sum of what is carried over: what the payout account holds between two periods. */
export function carriedTotal({ carries }: RollUp): bigint {
  let total = 0n
  for (const { amount } of carries.values()) total += amount
  return total
}

function key(way: Way, account: Hex): string {
  return (way === 'pay' ? 'out' : 'in') + account
}

/** Takes an event in. Events come in the order in which they were recorded; one that does not fit is a defect. */
export function applyEvent(rollUp: RollUp, event: BillingEvent): void {
  if (event.type === 'planned') open(rollUp, event.plan)
  else if (event.type === 'closed') close(rollUp)
  else applyToLine(rollUp, event)
}

type LineEvent = Exclude<BillingEvent, { readonly type: 'planned' | 'closed' }>

function applyToLine(rollUp: RollUp, event: LineEvent): void {
  const obligation = rollUp.obligations.get(key(event.way, event.account))
  assert(obligation !== undefined && obligation.way === event.way, 'an event of a settlement has its line')
  switch (event.type) {
    case 'signed':
      assert(obligation.state === 'due', 'nothing is signed twice')
      obligation.state = 'signed'
      obligation.transfer = event.transfer
      return
    case 'settled':
      assert(obligation.transfer?.id === event.id, 'what is settled was signed')
      obligation.state = 'settled'
      return
    case 'refused':
      refuse(rollUp, obligation, event.refusal)
      return
    case 'reserved':
      obligation.state = 'reserved'
      return
    case 'delivered':
      obligation.state = 'due'
      return
    case 'topUpRefused':
      advance(rollUp, obligation)
  }
}

function open(rollUp: RollUp, plan: Plan): void {
  assert(!rollUp.isOpen, 'one period is settled at a time')
  rollUp.plan = plan
  rollUp.isOpen = true
  rollUp.obligations.clear()
  for (const line of plan.lines) {
    const way: Way = line.direction === 'in' ? 'collect' : 'pay'
    const state = line.isCarriedOver ? 'carried' : 'due'
    const fresh = { attempts: 0, topUps: 0, missing: 0n, transfer: undefined }
    rollUp.obligations.set(line.direction + line.account, { line, way, state, ...fresh })
  }
}

function close(rollUp: RollUp): void {
  for (const { line, way, state } of rollUp.obligations.values()) {
    if (way !== 'pay') continue
    if (state === 'carried') rollUp.carries.set(line.account, { amount: amountOf(line), anchor: line.anchor })
    else rollUp.carries.delete(line.account)
  }
  rollUp.isOpen = false
}

function refuse(
  rollUp: RollUp,
  obligation: Obligation,
  refusal: Extract<BillingEvent, { readonly type: 'refused' }>['refusal'],
): void {
  obligation.transfer = undefined
  obligation.attempts++
  obligation.state = 'due'
  if (obligation.way === 'pay' && obligation.attempts >= maxPayAttempts) obligation.state = 'carried'
  if (obligation.way !== 'collect' || refusal.reason === 'expired') return
  if (refusal.reason === 'refused' || obligation.topUps >= rollUp.maxTopUps) {
    advance(rollUp, obligation)
    return
  }
  obligation.topUps++
  obligation.missing = refusal.missing
  obligation.state = 'short'
}

/** The operator pays in for the account, which is flagged: beneficiaries do not wait for customers. */
function advance(rollUp: RollUp, obligation: Obligation): void {
  obligation.way = 'advance'
  obligation.state = 'due'
  rollUp.flagged.set(obligation.line.account, rollUp.plan!.period)
}
