import { roundRobin } from '@banyan/consensus'
import { mockCommittee } from '../core/cluster.js'
import type { ScaleBlock } from './chain.js'
import { createMachine } from './machine.js'
import { type ScaleSetting, workersOf } from './setting.js'
import { createTraffic } from './traffic.js'
import { createValidator, type Validator } from './validator.js'
import { createWorld, type World } from './world.js'

/** Parts of a run, in heights of blocks. Clients send all the time; what comes in the middle part is measured. */
export type Span = {
  readonly before: number
  readonly measured: number
  readonly after: number
}

/** In ms. */
export type Spread = { readonly p50: number; readonly p99: number }

/** How much of what it has a validator uses, on average over the living: 1 is all of it. */
export type Use = {
  readonly main: number
  /** Cores that the worker threads use. */
  readonly workers: number
  readonly up: number
  readonly down: number
}

export type ScaleResult = {
  /** Transactions per second that became final, of those that came in the measured part. */
  readonly throughput: number
  /** Share of those transactions that became final before the run ended. */
  readonly finalShare: number
  /** From a transaction's arrival at a validator until it is final and executed there. */
  readonly latency: Spread
  /** From a proposal until the block is final and executed, at every living validator. */
  readonly blockLatency: Spread
  readonly blocksPerSecond: number
  /** Views given up per block. */
  readonly skipped: number
  /** Of a validator, and of the one that takes all transactions where clients use one. */
  readonly use: Use
  readonly useOfFirst: Use
  /** Bytes on the wire that living validators were given to send, and that they read. */
  readonly bytes: { readonly sent: number; readonly received: number }
}

type Totals = {
  readonly main: number
  readonly workers: number
  readonly sent: number
  readonly left: number
  readonly received: number
}
type Mark = { readonly at: number; readonly view: number; readonly totals: readonly Totals[] }

/** Arrival times of transactions in a batch that stand for all of them. */
const samples = 10
/** No run takes longer than so many virtual µs. */
const longest = 600e6

function quantile(sorted: readonly number[], share: number): number {
  if (sorted.length === 0) return Number.POSITIVE_INFINITY
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]! / 1000
}

function spreadOf(values: number[]): Spread {
  values.sort((a, b) => a - b)
  return { p50: quantile(values, 0.5), p99: quantile(values, 0.99) }
}

/** Runs a network and measures it. The same setting with the same random stream gives the same result. */
export function runScale(setting: ScaleSetting, span: Span): ScaleResult {
  const last = span.before + span.measured + span.after
  const marks: Mark[] = []
  const proposedAt = new Map<number, number>()
  const blockTimes: number[] = []
  const finalAt: number[] = []
  let height = 0

  const world: World = createWorld(
    setting,
    mockCommittee(Array<number>(setting.validators).fill(1)),
    roundRobin(setting.validators),
    { proposed, final },
    (index, happening) => {
      const validator = validators[index]
      if (happening.kind === 'act') happening.act()
      else if (happening.kind === 'message') validator?.hear(happening)
      else validator?.take(happening.batch, happening.bytes, happening.messages)
    },
  )
  const { agenda, living, ports } = world
  const { validatorsPerMachine, cores } = setting
  const threads = validatorsPerMachine * (1 + workersOf(setting))
  const machines = Array.from({ length: Math.ceil(setting.validators / validatorsPerMachine) }, () =>
    createMachine(cores, threads),
  )
  const validators: (Validator | undefined)[] = Array.from({ length: setting.validators }, (_, index) => {
    const machine = machines[Math.floor(index / validatorsPerMachine)]!
    return setting.dead.has(index) ? undefined : createValidator(world, machine, index)
  })
  const traffic = createTraffic(
    setting,
    agenda,
    (time, author, act) => agenda.at(time, author, { kind: 'act', act }),
    (batch) => validators[batch.author]!.author(batch),
  )

  const totals = (): readonly Totals[] =>
    living.map((index) => ({
      ...validators[index]!.used(),
      sent: ports[index]!.sent(),
      left: ports[index]!.left(agenda.now()),
      received: ports[index]!.received(),
    }))

  function proposed({ ref, number }: ScaleBlock, at: number): void {
    if (!proposedAt.has(number)) proposedAt.set(number, at)
    if (ref.height <= height) return
    height = ref.height
    const isEdge = height === span.before + 1 || height === span.before + span.measured + 1
    if (isEdge) marks.push({ at, view: ref.view, totals: totals() })
  }

  function final(validator: number, { ref, number, batches }: ScaleBlock, at: number): void {
    const isMeasured = ref.height > span.before && ref.height <= span.before + span.measured
    if (isMeasured) blockTimes.push(at - proposedAt.get(number)!)
    for (const { id, author } of batches) if (author === validator) finalAt[id] = at
  }

  traffic.start()
  for (const index of living) validators[index]!.start()
  agenda.run(longest, () => height > last)

  const end: Mark = { at: agenda.now(), view: 0, totals: totals() }
  const [from = end, until = end] = marks
  const seconds = Math.max(until.at - from.at, 1) / 1e6
  const times: number[] = []
  let came = 0
  let became = 0
  for (const batch of traffic.batches) {
    if (batch.until <= from.at || batch.until > until.at) continue
    came += batch.count
    const at = finalAt[batch.id]
    if (at === undefined) continue
    became += batch.count
    for (let i = 0; i < samples; i++) {
      times.push(at - batch.from - ((batch.until - batch.from) * (i + 0.5)) / samples)
    }
  }
  const finalShare = came === 0 ? 0 : became / came
  const uses = living.map((_, i) => useOf(setting, from.totals[i]!, until.totals[i]!, seconds))
  return {
    throughput: setting.load * finalShare,
    finalShare,
    latency: spreadOf(times),
    blockLatency: spreadOf(blockTimes),
    blocksPerSecond: span.measured / seconds,
    skipped: (until.view - from.view - span.measured) / span.measured,
    use: meanUse(uses),
    useOfFirst: uses[0]!,
    bytes: {
      sent: end.totals.reduce((sum, { sent }) => sum + sent, 0),
      received: end.totals.reduce((sum, { received }) => sum + received, 0),
    },
  }
}

function useOf({ bandwidth }: ScaleSetting, from: Totals, until: Totals, seconds: number): Use {
  const bytes = (seconds * bandwidth * 1e6) / 8
  return {
    main: (until.main - from.main) / 1e6 / seconds,
    workers: (until.workers - from.workers) / 1e6 / seconds,
    up: (until.left - from.left) / bytes,
    down: (until.received - from.received) / bytes,
  }
}

function meanUse(uses: readonly Use[]): Use {
  const mean = (pick: (use: Use) => number): number =>
    uses.reduce((sum, use) => sum + pick(use), 0) / uses.length
  return {
    main: mean(({ main }) => main),
    workers: mean(({ workers }) => workers),
    up: mean(({ up }) => up),
    down: mean(({ down }) => down),
  }
}
