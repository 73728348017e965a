import { type BanyanError, banyanError, fail } from '@banyan/base'
import type { Batch } from '../block/batch.js'
import type { DescribedBatch } from '../block/describe.js'
import type { GroupRunner } from '../execute/group.js'
import type { Host } from '../host/host.js'
import type { State } from '../state/state.js'
import type { SigningDomains } from '../tx/authorize.js'
import { createControl } from './control.js'
import { type GroupThreads, threadedGroups } from './group-runner.js'
import { createLane } from './lane.js'
import type { ProviderName } from './messages.js'
import { loadProvider } from './provider.js'
import { startThread } from './thread.js'
import { createVerification } from './verification.js'

export type PoolOptions = {
  /** Number of worker threads, 1 to 64. */
  readonly workers: number
  readonly provider: ProviderName
  /** Module that exports the chain's contract collection under the name `collectionName`. */
  readonly collectionModule: URL
  readonly collectionName: string
  /** Milliseconds without an answer after which a worker counts as dead; 30,000 unless given. */
  readonly timeout?: number
}

/** Worker threads for signatures and contract calls. If one of them dies, the whole pool stops. */
export type Pool = {
  /**
   * Describes a batch and verifies all its signatures on the workers. Waits for room if much is under way.
   * Errors: BatchTransactionInvalid for the first transaction that is not valid, BlockMalformed, WorkerFailed.
   */
  readonly verify: (domains: SigningDomains, batch: Batch) => Promise<DescribedBatch>
  /**
   * The `runGroups` of `ChainOptions`. The runner is synchronous: the calling thread executes its share of the groups
   * and waits for the others. A chain in private memory, which workers cannot read, runs its groups on the calling
   * thread. Its error: WorkerFailed.
   */
  readonly runGroups: (host: Host, state: State) => GroupRunner
  /** Ends the workers. What is under way fails with WorkerFailed. */
  readonly close: () => Promise<void>
}

const maxWorkers = 64
const defaultTimeout = 30_000

/** Starts worker threads. Errors: OptionInvalid; what fails in a worker shows as WorkerFailed when it is used. */
export function createPool(options: PoolOptions): Pool {
  const { workers, provider, timeout = defaultTimeout } = options
  if (!Number.isInteger(workers) || workers < 1 || workers > maxWorkers) {
    fail('OptionInvalid', { option: 'workers', reason: `it is not an integer from 1 to ${maxWorkers}` })
  }
  const control = createControl(workers)
  const { collectionName } = options
  const collectionModule = options.collectionModule.href
  const threads = Array.from({ length: workers }, (_, index) =>
    startThread({ index, provider, collectionModule, collectionName, control }),
  )
  let stopped: BanyanError | undefined
  let ended: Promise<unknown> = Promise.resolve()

  const stop = (reason: BanyanError): void => {
    if (stopped !== undefined) return
    stopped = reason
    verification.abandon(reason)
    for (const { groups } of threads) groups.close()
    ended = Promise.all(threads.map(({ worker }) => worker.terminate()))
  }
  const stopFor = (reason: string, cause?: unknown): void =>
    stop(banyanError('WorkerFailed', { reason }, cause))

  const lanes = threads.map((thread) =>
    createLane(thread, timeout, () => stopFor(`no answer within ${timeout} ms`)),
  )
  const requireRunning = (): void => {
    if (stopped !== undefined) throw stopped
  }
  const verification = createVerification(lanes, () => loadProvider(provider), requireRunning)
  for (const { worker } of threads) {
    worker.on('error', (cause) => stopFor(String(cause), cause))
    worker.on('exit', (code) => stopFor(`a worker ended with code ${code}`))
  }

  let share = 0
  const groupThreads: GroupThreads = {
    threads,
    control,
    timeout,
    sentTables: new Array(workers).fill(undefined),
    requireRunning,
    giveUp: (reason) => {
      stop(reason)
      throw reason
    },
    // Positive 32-bit integers, over and over: 0 stands for no share.
    nextShare: () => (share = (share % 0x7fffffff) + 1),
  }

  return {
    verify: verification.verify,
    runGroups: (host, state) => threadedGroups(groupThreads, host, state),
    close: async () => {
      stopFor('the pool was closed')
      await ended
    },
  }
}
