import {
  type Batch,
  type DescribedBatch,
  decodeBatch,
  type GeneralEntry,
  gas,
  gatherGeneral,
  gatherTransfers,
  maxBatchBytes,
} from '@banyan/ledger'
import type { PeerId } from '@banyan/network'
import { addGas, batchGas, entryGas, fitsGas } from './batch-gas.js'
import { addBatch, batchKey, hasNoAuthor, type PoolBatch, release, reserve, takeStale } from './batch-pool.js'
import { relayBatch, sendBatch, takeSequence } from './batch-ways.js'
import { hasUnordered } from './choose-batches.js'
import { digestsAbove } from './execution.js'
import { startJob } from './jobs.js'
import type { Taken } from './mempool-port.js'
import { judge } from './peers.js'
import type { EngineState } from './state.js'

const transferBytes = 193
/** Transactions of a batch: enough to make its own cost small, few enough to travel at once. */
const maxTransactions = 16_384
/** Own batches that may wait to be ordered. */
const maxOwnWaiting = 64

/** A batch that a peer has sent as its own: bounded, verified on another thread, and kept if all of it holds. */
export function receiveBatch(engine: EngineState, peer: PeerId, sequence: number, bytes: Uint8Array): void {
  const { pool } = engine
  const batch = decodeBatch(bytes)
  if (!reserve(pool, peer, sequence, bytes.length)) return
  engine.receiving++
  verify(engine, batch, false, (described) => {
    engine.receiving--
    const isUsable = described !== undefined && fitsGas(batchGas(described), blockLimit(engine))
    if (!isUsable) judge(engine, peer, 'hostile')
    if (isUsable && addBatch(pool, described, peer, sequence, finalHeight(engine))) {
      relayBatch(engine, peer, described)
      return
    }
    release(pool, peer, bytes.length)
  })
}

/** Describes a batch on another thread; `done` gets nothing if it does not hold. */
export function verify(
  engine: EngineState,
  batch: Batch,
  trusted: boolean,
  done: (described: DescribedBatch | undefined) => void,
): void {
  const job = startJob(engine, { kind: 'verify', done })
  engine.effects.push({ kind: 'verify', job, batch, trusted })
}

/** Makes batches of what waits in the mempool and sends them on their way to the validators. */
export function drainMempool(engine: EngineState): void {
  const { options, pool } = engine
  const { mempool, peerId } = options
  if (engine.now < engine.nextBatchAt || mempool.waiting === 0) return
  const own = [...pool.batches.values()].filter(({ author }) => author === peerId).length
  if (own >= maxOwnWaiting) return
  engine.nextBatchAt = engine.now + options.batchInterval
  const { limit } = engine.chain.genesis.fees
  const perTransfer = Math.floor(
    Math.min(limit.compute / gas.transfer, limit.bytes / (transferBytes * gas.perByte)),
  )
  const transactions = Math.min(maxTransactions, Math.max(1, perTransfer))
  const taken = mempool.take({ transactions, bytes: maxBatchBytes / 2 })
  for (const described of batchesOf(engine, taken)) addOwnBatch(engine, described)
}

function addOwnBatch(engine: EngineState, described: DescribedBatch): void {
  const { pool, options } = engine
  const { bytes } = described.batch
  const isNew = hasNoAuthor(pool, batchKey(described.digest))
  const sequence = isNew ? takeSequence(engine, bytes.length) : undefined
  if (sequence === undefined) {
    returnBatch(engine, described)
    return
  }
  if (!addBatch(pool, described, options.peerId, sequence, finalHeight(engine))) {
    release(pool, options.peerId, bytes.length)
    returnBatch(engine, described)
    return
  }
  sendBatch(engine, sequence, bytes)
}

/** Transfers together, and everything else in batches that a block has room for. */
function batchesOf({ chain }: EngineState, { transfers, general }: Taken): readonly DescribedBatch[] {
  const { provider, genesis } = chain
  const described: DescribedBatch[] = []
  if (transfers.records.length > 0) described.push(gatherTransfers(provider, transfers))
  let entries: GeneralEntry[] = []
  let used = { compute: 0, bytes: 0, state: 0 }
  for (const entry of general) {
    const gasOfEntry = entryGas(entry)
    const after = addGas(used, gasOfEntry)
    if (entries.length > 0 && !fitsGas(after, genesis.fees.limit)) {
      described.push(gatherGeneral(provider, entries))
      entries = []
      used = gasOfEntry
    } else {
      used = after
    }
    entries.push(entry)
  }
  if (entries.length > 0) described.push(gatherGeneral(provider, entries))
  return described
}

/** Gives the transactions of an own batch that comes to nothing back to the mempool. */
function returnBatch({ options }: EngineState, { ids }: DescribedBatch): void {
  for (let at = 0; at < ids.length; at += 8) options.mempool.settle(ids, at, 'unordered')
}

/** Drops batches that were not ordered in time. */
export function dropStaleBatches(engine: EngineState): void {
  const stale: readonly PoolBatch[] = takeStale(engine.pool, finalHeight(engine))
  for (const { author, described } of stale) {
    if (author === engine.options.peerId) returnBatch(engine, described)
  }
}

/** Whether something waits to be ordered on top of the newest block that may be built upon. */
export function isPending(engine: EngineState): boolean {
  return engine.options.mempool.waiting > 0 || hasUnordered(engine.pool, digestsAbove(engine))
}

function blockLimit({ chain }: EngineState): EngineState['chain']['genesis']['fees']['limit'] {
  return chain.genesis.fees.limit
}

function finalHeight({ tree }: EngineState): number {
  return tree.final.header.height
}
