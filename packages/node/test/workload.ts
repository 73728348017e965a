import { type ChainStoreOptions, openChainStore } from '@banyan/node'
import { listSnapshots } from '@banyan/storage'
import { createSimulatedDisk, type SimulatedDisk } from '@banyan/storage/simulated'
import { expect } from 'vitest'
import { chainOptions, follow, type Made } from './small-chain.js'

/** What a run was told: the oracle that a recovered folder is compared with. */
export type Told = {
  /** Newest block that was acknowledged, and newest that was given. */
  acknowledged: number
  attempted: number
  /** Newest snapshot that was acknowledged. */
  snapshot: number
}

export const storeOptions: Omit<ChainStoreOptions, 'disk'> = {
  chainOptions,
  snapshotEvery: 1000,
  keepSnapshots: 2,
  history: 'recent',
  segmentBytes: 8000,
}

/** Appends one by one, together, and during a snapshot; rotates, prunes, closes, and opens again. */
export async function workload(medium: SimulatedDisk, blocks: readonly Made[], told: Told): Promise<void> {
  const open = async () => openChainStore({ ...storeOptions, disk: await medium.open() })
  let store = await open()
  const append = async (): Promise<void> => {
    const height = store.chain.head.header.height + 1
    const made = blocks[height - 1]!
    told.attempted = Math.max(told.attempted, height)
    const { header, id } = follow(store.chain, made)
    const stored = store.append({ header, batches: made.batches }, new Uint8Array(0))
    await Promise.all([stored, store.finalize(height, id, proofOf(height))])
    told.acknowledged = height
  }
  const snapshot = async (): Promise<void> => {
    const { height } = (store.chain.earlier[0]?.head ?? store.chain.head).header
    await store.snapshot()
    told.snapshot = height
  }
  /** All of them settle before the oracle is read. */
  const together = async (...work: Promise<void>[]): Promise<void> => {
    for (const result of await Promise.allSettled(work)) if (result.status === 'rejected') throw result.reason
  }
  await append()
  await together(append(), append(), append())
  await snapshot()
  await append()
  await together(snapshot(), append(), append())
  await together(append(), append())
  await store.close()
  store = await open()
  await append()
  await snapshot()
  await together(append(), append())
  await snapshot()
  await append()
  await store.close()
}

/** Recovers a folder, compares it with the chain that never crashed, and lets it go on. */
export async function check(medium: SimulatedDisk, blocks: readonly Made[], told: Told): Promise<void> {
  const disk = await medium.open()
  const snapshots = await listSnapshots(disk, 'state')
  if (told.snapshot > 0) expect(Math.max(...snapshots)).toBeGreaterThanOrEqual(told.snapshot)
  const store = await openChainStore({ ...storeOptions, disk })
  const { head, stateRoot } = store.chain
  const { height } = head.header
  expect(store.recovery.refused).toEqual([])
  expect(height).toBeGreaterThanOrEqual(told.acknowledged)
  expect(height).toBeLessThanOrEqual(told.attempted)
  if (height > 0) {
    expect(head.id).toEqual(blocks[height - 1]!.block.id)
    expect(stateRoot).toEqual(blocks[height - 1]!.stateRoot)
  }
  const next = blocks[height]!
  const block = follow(store.chain, next)
  expect(block.receipts).toEqual(next.block.receipts)
  if (height > 0 && told.acknowledged > 0 && store.proof !== undefined)
    expect(store.proof).toEqual(proofOf(height))
  await store.append({ header: block.header, batches: next.batches }, new Uint8Array(0))
  await store.finalize(next.block.header.height, block.id, proofOf(next.block.header.height))
  await store.snapshot()
  await store.close()
  const again = await openChainStore({ ...storeOptions, disk: await medium.open() })
  expect(again.chain.head.id).toEqual(next.block.id)
  expect(again.chain.stateRoot).toEqual(next.stateRoot)
  await again.close()
}

/** Stands for a certificate. */
export function proofOf(height: number): Uint8Array {
  return new Uint8Array(40).fill(height)
}

/** The operations of a whole run, in order. */
export async function crashPoints(blocks: readonly Made[]): Promise<readonly string[]> {
  const points: string[] = []
  const medium = createSimulatedDisk((operation, file) => points.push(`${operation} ${file}`))
  await workload(medium, blocks, nothingTold())
  return points
}

export function nothingTold(): Told {
  return { acknowledged: 0, attempted: 0, snapshot: 0 }
}
