import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads'
import { asAddress, type BanyanError, banyanError } from '@banyan/base'
import { type CallEnvironment, feeTermsOf, type ScheduledCall } from '../execute/call-result.js'
import { executeGroup, type GroupResult, type GroupRunner, inlineGroups } from '../execute/group.js'
import type { Host } from '../host/host.js'
import type { State } from '../state/state.js'
import { answersWord, endedWord, shareWord, takeShare } from './control.js'
import { divide } from './divide.js'
import { unpackError } from './errors.js'
import type { GroupsAnswer, GroupsRequest } from './messages.js'
import { encodeCalls } from './scheduled-bytes.js'
import { type SharedTables, tablesOf } from './shared-tables.js'
import type { Thread } from './thread.js'

/**
 * Runs with less gas stay on this thread: about 8 token transfers, 0.6 ms. Measured: a share costs about 0.1 ms to post
 * and to collect, and 10 µs for each of its calls, which take about 75 µs to execute.
 */
const smallestGas = 250_000

type Group = readonly ScheduledCall[]
type PostedShare = { readonly thread: Thread; readonly share: number; readonly members: readonly number[] }

/** What the workers of a pool offer to runners of groups; there is one for the whole pool. */
export type GroupThreads = {
  readonly threads: readonly Thread[]
  readonly control: Int32Array
  /** Milliseconds that the main thread waits for an answer. */
  readonly timeout: number
  /** Tables that each worker reads from. */
  readonly sentTables: (SharedTables | undefined)[]
  /** Throws if the pool has stopped. */
  readonly requireRunning: () => void
  /** Stops the pool for this reason and throws it. */
  readonly giveUp: (reason: BanyanError) => never
  readonly nextShare: () => number
}

/**
 * Runs groups on this thread and the workers at the same time, and returns when all are done. A share that no worker has
 * begun when this thread has finished its own is taken back, so a busy worker delays nothing.
 */
export function threadedGroups(pool: GroupThreads, host: Host, state: State): GroupRunner {
  const inline = inlineGroups(host)
  if (state.accounts.rows.memory === 'private') return inline
  let tables: SharedTables | undefined
  return (environment, view, groups) => {
    const loads = groups.map(loadOf)
    const total = loads.reduce((sum, load) => sum + load, 0)
    if (groups.length === 1 || total < smallestGas) return inline(environment, view, groups)
    pool.requireRunning()
    tables = tablesOf(state, tables)
    const request = {
      environment: plainCopy(environment),
      collectionVersion: host.collection.version,
      assetCount: state.assets.length,
    }
    const [own, ...others] = divide(loads, pool.threads.length + 1)
    const posted = postShares(pool, tables, request, others, groups)
    const results = new Array<GroupResult>(groups.length)
    const runHere = (members: readonly number[]): void => {
      for (const i of members) results[i] = executeGroup(host, environment, view, groups[i]!)
    }
    runHere(own!)
    const begun = posted.filter(({ thread, share, members }) => {
      if (!takeShare(pool.control, thread.index, share)) return true
      runHere(members)
      return false
    })
    for (const { thread, share, members } of begun) {
      const answers = waitFor(pool, thread, share)
      for (const [i, member] of members.entries()) results[member] = answers[i]!
    }
    return results
  }
}

/** Gas that a group uses at most. */
function loadOf(group: Group): number {
  return group.reduce((sum, { entry }) => sum + feeTermsOf(entry).gasLimit, 0)
}

/** The proposer's address may be a view of something large, which would all be copied to the workers. */
function plainCopy({ block, prices }: CallEnvironment): CallEnvironment {
  return { block: { ...block, proposer: asAddress(new Uint8Array(block.proposer)) }, prices }
}

type RequestEnvironment = Pick<GroupsRequest, 'environment' | 'collectionVersion' | 'assetCount'>

/** Posts the i-th share to the i-th worker, unless it is empty. A share is a list of indices of groups. */
function postShares(
  pool: GroupThreads,
  tables: SharedTables,
  environment: RequestEnvironment,
  shares: readonly (readonly number[])[],
  groups: readonly Group[],
): PostedShare[] {
  const posted: PostedShare[] = []
  for (const [i, members] of shares.entries()) {
    if (members.length === 0) continue
    const thread = pool.threads[i]!
    const share = pool.nextShare()
    const calls = encodeCalls(members.flatMap((group) => groups[group]!))
    const message: GroupsRequest = {
      ...environment,
      share,
      calls,
      sizes: members.map((group) => groups[group]!.length),
      ...(pool.sentTables[i] === tables ? {} : { tables }),
    }
    pool.sentTables[i] = tables
    Atomics.store(pool.control, shareWord(i), share)
    thread.groups.postMessage(message, [calls.buffer as ArrayBuffer])
    posted.push({ thread, share, members })
  }
  return posted
}

/** Waits, without events, for the results of a share that a worker has begun. */
function waitFor(pool: GroupThreads, thread: Thread, share: number): readonly GroupResult[] {
  const { control, timeout } = pool
  for (;;) {
    const seen = Atomics.load(control, answersWord)
    const answer = nextAnswer(thread.groups, share)
    if (answer !== undefined) {
      if ('results' in answer) return answer.results
      return pool.giveUp(unpackError(answer.error))
    }
    if (Atomics.load(control, endedWord(thread.index)) === 1) {
      return pool.giveUp(banyanError('WorkerFailed', { reason: 'a worker ended while it executed calls' }))
    }
    if (Atomics.wait(control, answersWord, seen, timeout) === 'timed-out') {
      return pool.giveUp(banyanError('WorkerFailed', { reason: `no answer within ${timeout} ms` }))
    }
  }
}

/** The answer to a share, if it has arrived. Answers to earlier shares, of runs that failed, are dropped. */
function nextAnswer(port: MessagePort, share: number): GroupsAnswer | undefined {
  for (;;) {
    const received = receiveMessageOnPort(port)
    if (received === undefined) return undefined
    const answer = received.message as GroupsAnswer
    if (answer.share === share) return answer
  }
}
