import type { Clients } from '../node/clients.js'
import type { Machine } from '../node/machine.js'
import type { Nodes } from '../node/nodes.js'
import { chainOptions } from '../node/people.js'
import type { Faults } from './node-faults.js'
import type { Outcome } from './outcome.js'

/** More actions than this in one scenario mean that nodes go round in circles. */
const stepLimit = 2_000_000
/** Views led by honest, working members that may fail after the network is whole again (CON-16). */
const viewsToRecover = 3
/** Time allowed until all nodes have caught up, and then until something new is final, in network delays. */
const catchUpDelays = 1_200
const recoveryDelays = 1_500
/** Batches that may be left in a node at rest; bounds that real networks never reach would show nothing here. */
const mostBatchesAtRest = 300

export type NodeRecovery = {
  /** When the last machine starts; the others start at once. */
  readonly lateAt: number
  readonly healAt: number
  readonly delta: number
  readonly faults: Faults
  readonly clients: Clients
  /** Members that are faulty, or cannot vote because they lost their memory. */
  readonly missing: number
  /** Views that one leader has in a row. */
  readonly term: number
}

/** Runs a scenario whose faults are planned: to their end, and on until every honest node is live again; then judges. */
export async function runNodeScenario(nodes: Nodes, recovery: NodeRecovery): Promise<Outcome> {
  const { schedule, failures, machines, wire, trace, ballots } = nodes
  const rejected = (error: unknown): void =>
    nodes.fail(`unhandled: ${error instanceof Error ? error.stack : String(error)}`)
  process.on('unhandledRejection', rejected)
  try {
    for (const machine of machines) await machine.prepare()
    wire.start()
    for (const machine of machines.slice(0, -1)) machine.start()
    schedule.at(recovery.lateAt, machines.at(-1)!.start)
    await runThrough(nodes, recovery)
  } catch (error) {
    nodes.fail(`crash: ${error instanceof Error ? error.stack : String(error)}`)
  } finally {
    process.off('unhandledRejection', rejected)
  }
  return {
    failures,
    forked: failures.some((problem) => problem.startsWith('fork:')),
    hash: trace.hash(),
    views: ballots.newest().view + ballots.newest().epoch * nodes.rules.epochBlocks,
    milliseconds: schedule.now(),
    steps: schedule.steps(),
  }
}

async function runThrough(
  nodes: Nodes,
  { healAt, delta, faults, clients, missing, term }: NodeRecovery,
): Promise<void> {
  const { schedule, failures, honest, chain, ballots } = nodes
  const hasFailed = (): boolean => failures.length > 0
  const until = (time: number, done: () => boolean) =>
    schedule.runSettled(time, stepLimit, () => hasFailed() || done())

  if ((await until(healAt, () => false)) === 'limit') nodes.fail(`more than ${stepLimit} steps`)
  if (hasFailed()) return
  faults.heal()
  await until(healAt + catchUpDelays * delta, () => isWhole(nodes))
  if (hasFailed()) return
  if (!isWhole(nodes)) {
    nodes.fail(`stall: not whole after the healing: ${honest.map(describe).join('; ')}`)
    return
  }
  const before = ballots.newest()
  const height = chain.height()
  const wholeAt = schedule.now()
  let probes: readonly string[] = []
  schedule.at(wholeAt, () => {
    void clients.probe().then((given) => {
      probes = given
    })
  })
  const waiting = () => probes.filter((id) => !chain.includes(id))
  const isLive = (): boolean =>
    schedule.now() > wholeAt &&
    honest.every(({ number }) => chain.heightOf(number) > height) &&
    chain.firstAfter(before) !== undefined &&
    waiting().length === 0
  await until(wholeAt + recoveryDelays * delta, isLive)
  if (hasFailed()) return
  if (!isLive()) {
    nodes.fail(
      `stall: ${waiting().length} of ${probes.length} transactions wait for block ${height}: ${honest.map(describe).join('; ')}`,
    )
    return
  }
  const first = chain.firstAfter(before)
  const latest = (viewsToRecover + 2 * missing) * term + (term - 1)
  const used = first === undefined ? Infinity : first.view - (first.epoch === before.epoch ? before.view : 0)
  if (used > latest)
    nodes.fail(
      `slow: after view ${before.view} of epoch ${before.epoch} only ${used} views later a block became final`,
    )
  for (const machine of honest) judgeMemory(nodes, machine)
  chain.judge(chainOptions(nodes.rules))
}

/** Whether all honest nodes are up, connected, and as far as the network is. */
function isWhole({ honest, wire, chain }: Nodes): boolean {
  return honest.every(
    (machine) =>
      machine.isUp() &&
      !machine.view().syncing &&
      machine.view().final.header.height + 3 >= chain.height() &&
      honest.every(({ number }) => number === machine.number || wire.isConnected(number, machine.number)),
  )
}

function judgeMemory(nodes: Nodes, machine: Machine): void {
  const { batches, batchBytes } = machine.view()
  if (batches > mostBatchesAtRest)
    nodes.fail(`node ${machine.number} holds ${batches} batches of ${batchBytes} bytes at rest`)
}

function describe(machine: Machine): string {
  if (!machine.isUp()) return `${machine.number} is down`
  const { final, epoch, syncing, voting, target, peers, batches } = machine.view()
  const { count, waiting } = machine.mempool()
  const marks = `${syncing ? ', syncing' : ''}${voting ? '' : ', not voting'}`
  return `${machine.number} at block ${final.header.height} of ${target}, epoch ${epoch}, ${peers} peers, ${batches} batches, ${waiting} of ${count} transactions waiting${marks}`
}
