import { equalBytes } from '@banyan/base'
import { bindAbi, type CallContext, defineContract, defineTable, tables } from '@banyan/ledger'
import { contractAddress } from '../addresses.js'
import { settings as registrySettings } from '../validators/registry.js'
import { validatorsContract } from '../validators/validators.js'
import { pricesAbi } from './abi.js'
import { grow, maxDays } from './growth.js'

const prices = bindAbi(pricesAbi)
const dayMs = 86_400_000n
const maxCurves = 256

const settings = defineTable({ id: 1, name: 'settings', key: {}, row: { count: 'uint32' } })

/** Curves in the order of their days. */
const curves = defineTable({
  id: 2,
  name: 'curves',
  key: { index: 'uint32' },
  row: { fromDay: 'uint32', cpu: 'uint128', gpu: 'uint128', traffic: 'uint128' },
})

type Curve = {
  readonly fromDay: number
  readonly cpu: bigint
  readonly gpu: bigint
  readonly traffic: bigint
}

/** Days since the Unix epoch, of the block. */
function today({ block }: CallContext): number {
  return Number(block.timestamp / dayMs)
}

/** Who owns the registry of validators sets prices. */
function requireOwner(context: CallContext): void {
  const { caller } = context
  const { owner } = tables.get({ ...context, contract: validatorsContract }, registrySettings, {})
  if (!equalBytes(owner, caller)) prices.revertWith('NotOwner', { caller })
}

/** A curve begins on a later day; one that has not begun may be replaced, one that has never changes. The first may begin on any day. */
function setCurve(context: CallContext, curve: Curve): void {
  requireOwner(context)
  const { fromDay, cpu, gpu, traffic } = curve
  if (cpu === 0n || gpu === 0n || traffic === 0n) prices.revertWith('CoefficientZero', {})
  let { count } = tables.get(context, settings, {})
  const day = today(context)
  if (count > 0 && fromDay <= day) prices.revertWith('NotInFuture', { fromDay, today: day })
  while (count > 0 && tables.get(context, curves, { index: count - 1 }).fromDay >= fromDay) count--
  if (count >= maxCurves) prices.revertWith('TooMany', { limit: maxCurves })
  tables.set(context, curves, { index: count }, { fromDay, cpu, gpu, traffic })
  tables.set(context, settings, {}, { count: count + 1 })
  prices.emit(context, 'CurveSet', { fromDay, cpu, gpu, traffic })
}

/** What one coin buys on a day, in units of 10^-18. */
function amountOn(context: CallContext, day: number): readonly [bigint, bigint, bigint] {
  const { count } = tables.get(context, settings, {})
  for (let index = count - 1; index >= 0; index--) {
    const { fromDay, cpu, gpu, traffic } = tables.get(context, curves, { index })
    if (fromDay > day) continue
    const days = day - fromDay
    if (days > maxDays) break
    return [grow(cpu, days), grow(gpu, days), grow(traffic, days)]
  }
  return prices.revertWith('NoCurve', { day })
}

function curveAt(context: CallContext, index: number): Curve {
  const { count } = tables.get(context, settings, {})
  return index < count ? tables.get(context, curves, { index }) : prices.revertWith('OutOfRange', { index })
}

/** Its rows depend on the state, so its calls run alone; they are rare. */
const keys = (): undefined => undefined

export const pricesContract = defineContract({
  name: 'prices',
  summary:
    'What one coin buys of computing, graphics and traffic on a day: it doubles every 730 days from coefficients that change for later days only.',
  version: 1,
  address: contractAddress('banyan/prices'),
  abi: pricesAbi,
  tables: [settings, curves],
  methods: {
    setCurve: { gas: 500, run: setCurve, keys },
    amountOn: { gas: 500, run: (context, { day }) => amountOn(context, day), keys },
    today: { gas: 100, run: today, keys },
    curveCount: { gas: 100, run: (context) => tables.get(context, settings, {}).count, keys },
    curveAt: { gas: 100, run: (context, { index }) => curveAt(context, index), keys },
  },
})
