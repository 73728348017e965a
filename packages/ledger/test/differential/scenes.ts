import type { Scene } from './twin.js'

const mix = { packages: 0.08, spoiled: 0.15, maxItems: 15, maxBatch: 40 }
const roomy = [30_000_000n, 40_000_000n, 30_000_000n] as const
const usual = {
  accounts: 60,
  limits: roomy,
  startPrice: 1_000_000n,
  floorPrice: 400_000n,
  maxRows: 2 ** 20,
}

/** Small worlds are hashed as a whole after every block, large ones sometimes. */
export const scenes: readonly Scene[] = [
  {
    name: 'blocks that reach their limits, and base fees that follow',
    world: { ...usual, accounts: 30, limits: [300_000n, 350_000n, 100_000n] },
    blocks: 90,
    transactions: 200,
    rootEvery: 1,
    options: mix,
  },
  {
    name: 'a free chain',
    world: { ...usual, accounts: 24, startPrice: 0n, floorPrice: 0n },
    blocks: 70,
    transactions: 100,
    rootEvery: 1,
    options: mix,
  },
  {
    name: 'base fees too high for many, which fall to almost nothing',
    world: { ...usual, startPrice: 200_000_000_000_000n, floorPrice: 1n },
    blocks: 70,
    transactions: 100,
    rootEvery: 1,
    options: mix,
  },
  {
    name: 'base fees of a few pip, which move by the least step',
    world: { ...usual, accounts: 24, limits: [200_000n, 220_000n, 80_000n], startPrice: 3n, floorPrice: 1n },
    blocks: 40,
    transactions: 100,
    rootEvery: 1,
    options: mix,
  },
  {
    name: 'packages that make rows',
    world: { ...usual, accounts: 90, limits: [3_000_000n, 4_000_000n, 1_500_000n] },
    blocks: 40,
    transactions: 100,
    rootEvery: 1,
    options: { packages: 0.5, spoiled: 0.1, maxItems: 60, maxBatch: 20 },
  },
  {
    name: 'tables that fill up',
    world: { ...usual, accounts: 90, maxRows: 150 },
    blocks: 40,
    transactions: 100,
    rootEvery: 1,
    options: { packages: 0.3, spoiled: 0.1, maxItems: 15, maxBatch: 20 },
  },
  {
    name: 'a crowd in long batches',
    world: { ...usual, accounts: 2_000 },
    blocks: 24,
    transactions: 3_000,
    rootEvery: 8,
    options: { packages: 0.02, spoiled: 0.1, maxItems: 30, maxBatch: 2_000 },
  },
]
