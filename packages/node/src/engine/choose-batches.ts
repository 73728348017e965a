import type { DescribedBatch, GasVector } from '@banyan/ledger'
import { addGas, fitsGas } from './batch-gas.js'
import type { BatchPool, PoolBatch } from './batch-pool.js'

const maxBatches = 1024
/** Leaves room for the header within the bound of an encoded block. */
const maxBytes = 2 ** 26
const noGas: GasVector = { compute: 0, bytes: 0, state: 0 }

/**
 * Batches for a block: those of each author in their sequence, one author after the other in turn, as long as they fit.
 * `taken` are the digests that blocks above the final one order already; `turn` says whose turn is first.
 */
export function chooseBatches(
  pool: BatchPool,
  taken: ReadonlySet<string>,
  limit: GasVector,
  turn: number,
): readonly DescribedBatch[] {
  const queues = queuesOf(pool, taken)
  const chosen: DescribedBatch[] = []
  let used = noGas
  let bytes = 0
  for (let round = 0, found = true; found; round++) {
    found = false
    for (let i = 0; i < queues.length; i++) {
      const batch = queues[(i + turn) % queues.length]![round]
      if (batch === undefined) continue
      found = true
      const size = batch.described.batch.bytes.length + 8
      const after = addGas(used, batch.gas)
      if (chosen.length === maxBatches || bytes + size > maxBytes || !fitsGas(after, limit)) return chosen
      used = after
      bytes += size
      chosen.push(batch.described)
    }
  }
  return chosen
}

/** Whether a block could order something. */
export function hasUnordered(pool: BatchPool, taken: ReadonlySet<string>): boolean {
  for (const { key, author } of pool.batches.values()) {
    if (author !== undefined && !taken.has(key)) return true
  }
  return false
}

function queuesOf(pool: BatchPool, taken: ReadonlySet<string>): readonly (readonly PoolBatch[])[] {
  const queues = new Map<string, PoolBatch[]>()
  for (const batch of pool.batches.values()) {
    if (batch.author === undefined || taken.has(batch.key)) continue
    const queue = queues.get(batch.author) ?? []
    queue.push(batch)
    queues.set(batch.author, queue)
  }
  // By name, so that turns do not depend on the order of arrival.
  const authors = [...queues.keys()].sort()
  return authors.map((author) => queues.get(author)!.sort((a, b) => a.sequence - b.sequence))
}
