import { toHex } from '@banyan/base'
import { type DescribedBatch, type GasVector, windowBlocks } from '@banyan/ledger'
import type { PeerId } from '@banyan/network'
import { batchGas } from './batch-gas.js'

/** A verified batch that waits to be ordered, or that a block above the final one orders. */
export type PoolBatch = {
  readonly key: string
  readonly described: DescribedBatch
  readonly gas: GasVector
  /** Who sent it as its own; none for one that was fetched for a block. */
  readonly author: PeerId | undefined
  readonly sequence: number
  /** Final height when it came. */
  readonly height: number
}

type Author = {
  /** Bytes of its batches, those that are still being verified included. */
  bytes: number
  lastSequence: number
}

export type BatchPool = {
  readonly batches: Map<string, PoolBatch>
  readonly authors: Map<PeerId, Author>
  /** Digests of the last final blocks, with their height. */
  readonly ordered: Map<string, number>
  bytes: number
}

/** Bounds of the pool, in bytes of batches. */
export const poolLimits = { total: 2 ** 28, perAuthor: 2 ** 26, authors: 1024 } as const

export function createPool(): BatchPool {
  return { batches: new Map(), authors: new Map(), ordered: new Map(), bytes: 0 }
}

export function batchKey(digest: Uint8Array): string {
  return toHex(digest)
}

/** Takes room for a batch that an author sent; false if it has none, or repeats a sequence. */
export function reserve(pool: BatchPool, author: PeerId, sequence: number, bytes: number): boolean {
  const known = pool.authors.get(author)
  if (known === undefined && pool.authors.size >= poolLimits.authors) return false
  const state = known ?? { bytes: 0, lastSequence: -1 }
  const isTooMuch = state.bytes + bytes > poolLimits.perAuthor || pool.bytes + bytes > poolLimits.total
  if (sequence <= state.lastSequence || isTooMuch) return false
  state.lastSequence = sequence
  state.bytes += bytes
  pool.bytes += bytes
  pool.authors.set(author, state)
  return true
}

/** Gives back what `reserve` took. */
export function release(pool: BatchPool, author: PeerId | undefined, bytes: number): void {
  pool.bytes -= bytes
  const state = author === undefined ? undefined : pool.authors.get(author)
  if (state !== undefined) state.bytes -= bytes
}

/**
 * Adds a verified batch whose room is reserved; one that was fetched for a block gets its author by that. False if it is
 * there, or was ordered lately.
 */
export function addBatch(
  pool: BatchPool,
  described: DescribedBatch,
  author: PeerId,
  sequence: number,
  height: number,
): boolean {
  const key = batchKey(described.digest)
  if (!hasNoAuthor(pool, key) || pool.ordered.has(key)) return false
  removeBatch(pool, key)
  put(pool, { key, described, author, sequence, height })
  return true
}

function put({ batches }: BatchPool, batch: Omit<PoolBatch, 'gas'>): void {
  batches.set(batch.key, { ...batch, gas: batchGas(batch.described) })
}

/** Whether nobody has sent this batch as its own. */
export function hasNoAuthor(pool: BatchPool, key: string): boolean {
  return pool.batches.get(key)?.author === undefined
}

/**
 * Adds a verified batch that was fetched for a block: it is kept until the block is final or over. Also one that was ordered
 * lately: who orders it again need not know, as after a restart, and its transactions are skipped.
 */
export function addFetched(pool: BatchPool, described: DescribedBatch, height: number): void {
  const key = batchKey(described.digest)
  if (pool.batches.has(key)) return
  put(pool, { key, described, author: undefined, sequence: 0, height })
  pool.bytes += described.batch.bytes.length
}

export function removeBatch(pool: BatchPool, key: string): void {
  const batch = pool.batches.get(key)
  if (batch === undefined) return
  pool.batches.delete(key)
  release(pool, batch.author, batch.described.batch.bytes.length)
}

/** Notes the batches of a final block: they leave the pool, and later copies of them are not taken. */
export function orderedFinally(pool: BatchPool, described: readonly DescribedBatch[], height: number): void {
  for (const { digest } of described) {
    const key = batchKey(digest)
    removeBatch(pool, key)
    pool.ordered.set(key, height)
  }
  // In the order of their heights: the oldest come first.
  for (const [key, at] of pool.ordered) {
    if (at > height - windowBlocks) break
    pool.ordered.delete(key)
  }
}

/** Removes and returns the batches that have waited so long that no transaction with a mark can be valid any more. */
export function takeStale(pool: BatchPool, height: number): readonly PoolBatch[] {
  const stale = [...pool.batches.values()].filter((batch) => batch.height < height - windowBlocks)
  for (const { key } of stale) removeBatch(pool, key)
  return stale
}

/** An author is gone. When it comes back its sequences may start anew. */
export function forgetAuthor(pool: BatchPool, author: PeerId): void {
  const state = pool.authors.get(author)
  if (state?.bytes === 0) pool.authors.delete(author)
  else if (state !== undefined) state.lastSequence = -1
}
