import { fail } from '@banyan/base'
import type { Keccak } from '../charge/seal.js'
import type { BillingEvent } from '../rollup/event.js'
import { nextSteps, type Step } from '../rollup/next.js'
import { type Plan, type PlanLine, planPeriod } from '../rollup/plan.js'
import { amountOf, applyEvent, createRollUp, type RollUp } from '../rollup/state.js'
import type { ChargeBook } from '../store/port.js'
import type { AnchoredTransfer, PaymentGateway, SettlementChain } from './ports.js'

export type SettlementOptions = {
  readonly book: ChargeBook
  readonly chain: SettlementChain
  readonly gateway: PaymentGateway
  readonly region: string
  readonly keccak256: Keccak
  /** pip; smaller payouts are carried over. */
  readonly leastPayout: bigint
  /** ms since any moment; measures durations. */
  readonly now: () => number
  /** Times that an account is topped up for one collection before the operator pays instead. */
  readonly maxTopUps?: number
}

/** What came of a period. Times in ms. */
export type PeriodReport = {
  readonly plan: Plan
  readonly collectMs: number
  readonly payMs: number
  readonly totalMs: number
}

export type Settlement = {
  /**
   * Settles all rows since the last period, or goes on with a period that was not finished. Periods rise, such as `2026-11-21`. Errors:
   * PeriodInvalid, SettlementStuck, BalanceShort, those of the book and of the chain; it can be called again after each of them.
   */
  readonly settle: (period: string) => Promise<PeriodReport>
  /** Where things stand; not to be changed. */
  readonly state: () => RollUp
}

/** Steps that are under way at once. */
const width = 16

/** Reads the events of the book and stands where they end. */
export async function openSettlement(options: SettlementOptions): Promise<Settlement> {
  const { book, maxTopUps = 3 } = options
  const rollUp = createRollUp(maxTopUps)
  for await (const event of book.events()) applyEvent(rollUp, event)

  /** Events become durable one after the other; only then do they count. */
  let turn: Promise<unknown> = Promise.resolve()
  const record = (event: BillingEvent): Promise<void> => {
    const done = turn.then(async () => {
      await book.record(event)
      applyEvent(rollUp, event)
    })
    turn = done.catch(() => undefined)
    return done
  }
  return { settle: (period) => settlePeriod(options, rollUp, record, period), state: () => rollUp }
}

type Record = (event: BillingEvent) => Promise<void>

async function settlePeriod(
  options: SettlementOptions,
  rollUp: RollUp,
  record: Record,
  period: string,
): Promise<PeriodReport> {
  const { now, chain } = options
  const start = now()
  const spent = { collect: 0, pay: 0 }
  if (!rollUp.isOpen) await record({ type: 'planned', plan: await planNext(options, rollUp, period) })
  else if (rollUp.plan!.period !== period)
    fail('PeriodInvalid', { period, reason: `${rollUp.plan!.period} is not finished` })
  for (;;) {
    const next = nextSteps(rollUp)
    if (next.phase === 'idle') break
    if (next.phase === 'close') {
      const balance = await chain.payoutBalance()
      const { carried } = next
      if (balance < carried) fail('BalanceShort', { balance, carried })
      await record({ type: 'closed', period, surplus: balance - carried })
      continue
    }
    const began = now()
    await runAll(next.steps, (step) => runStep(options, record, period, step))
    spent[next.phase] += now() - began
  }
  return { plan: rollUp.plan!, collectMs: spent.collect, payMs: spent.pay, totalMs: now() - start }
}

async function planNext(
  { book, region, keccak256, leastPayout }: SettlementOptions,
  { plan, carries }: RollUp,
  period: string,
): Promise<Plan> {
  if (!/^\d{4}-\d{2}-\d{2}[0-9A-Z:-]{0,16}$/.test(period))
    fail('PeriodInvalid', { period, reason: 'it does not begin with a day such as 2026-11-21' })
  if (plan !== undefined && period <= plan.period)
    fail('PeriodInvalid', { period, reason: `${plan.period} was settled before` })
  const first = (plan?.last ?? 0) + 1
  const rows = book.rows(first, await book.last())
  return planPeriod(rows, { region, period, keccak256, leastPayout, carries, first })
}

/** All steps, a few at a time. The first failure is thrown once those that run have ended. */
async function runAll(steps: readonly Step[], run: (step: Step) => Promise<void>): Promise<void> {
  let next = 0
  const failures: unknown[] = []
  const work = async (): Promise<void> => {
    while (next < steps.length && failures.length === 0) {
      await run(steps[next++]!).catch((error: unknown) => failures.push(error))
    }
  }
  await Promise.all(Array.from({ length: width }, work))
  if (failures.length > 0) throw failures[0]
}

function transferOf(way: Step['way'], line: PlanLine): AnchoredTransfer {
  return { way, account: line.account, amount: amountOf(line), anchor: line.anchor, xor: line.xor }
}

async function runStep(
  { chain, gateway }: SettlementOptions,
  record: Record,
  period: string,
  step: Step,
): Promise<void> {
  const { way, account } = step
  switch (step.do) {
    case 'sign': {
      const result = await chain.sign(transferOf(way, step.line))
      if (result.isSigned) return record({ type: 'signed', way, account, transfer: result.transfer })
      if (way === 'advance')
        fail('SettlementStuck', { period, entity: account, reason: result.refusal.reason })
      return record({ type: 'refused', way, account, refusal: result.refusal })
    }
    case 'settle': {
      const result = await chain.settle(step.transfer, transferOf(way, step.line))
      if (!result.isSettled) return record({ type: 'refused', way, account, refusal: result.refusal })
      return record({ type: 'settled', way, account, id: step.transfer.id, height: result.height })
    }
    case 'reserve': {
      const result = await gateway.reserve({ key: step.key, account, amount: step.missing })
      return record({ type: result === 'reserved' ? 'reserved' : 'topUpRefused', way, account })
    }
    case 'deliver': {
      const result = await gateway.deliver({ key: step.key, account, amount: step.missing })
      return record({ type: result === 'delivered' ? 'delivered' : 'topUpRefused', way, account })
    }
  }
}
