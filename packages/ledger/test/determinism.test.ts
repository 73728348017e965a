import { type CryptoProvider, portable } from '@banyan/crypto'
import { native } from '@banyan/crypto/native'
import { buildBlock, type ExecutedBlock, finalize, type Proposal, verifyBlock } from '@banyan/ledger'
import { testSeed, tierCount } from '@banyan/testing'
import { describe, expect, test } from 'vitest'
import { trusting } from './differential/ledger.js'
import { scenes } from './differential/scenes.js'
import { createTwin, nextBlock, proposalOf } from './differential/twin.js'

/** The same provider with other hash seeds: tables draw them from `randomBytes` when they are made. */
const seeded = (seed: number): CryptoProvider => ({
  ...native,
  randomBytes: (length) => new Uint8Array(length).fill(seed),
})

const variants = [
  { name: 'private memory', provider: native, memory: 'private' },
  { name: 'hash seeds of zeros', provider: seeded(0), memory: 'shared' },
  { name: 'hash seeds of ones', provider: seeded(255), memory: 'private' },
  { name: 'the portable provider', provider: portable, memory: 'shared' },
] as const

/** A round has about 15,000 transactions, executed once for each variant and once for reference. */
const rounds = tierCount({ push: 3, full: 140, fuzz: 1 })

describe.each(scenes.slice(0, 5))('$name', (scene) => {
  test('LED-12: one history has the same blocks and roots in whatever memory, hash seeds and provider', {
    timeout: 3_600_000,
  }, () => {
    for (let round = 0; round < rounds; round++) {
      const twin = createTwin(testSeed(`determinism ${scene.name} ${round}`), scene.world)
      const chain = twin.openLedger({ provider: trusting(native), memory: 'shared' })
      const steps: { readonly proposal: Proposal; readonly block: ExecutedBlock }[] = []
      for (let height = 1; height <= scene.blocks; height++) {
        const { block } = nextBlock(twin, scene, chain.stateRoot)
        const proposal = proposalOf(chain.provider, chain, block)
        steps.push({ proposal, block: buildBlock(chain, proposal) })
        finalize(chain, height)
      }
      for (const { name, provider, memory } of variants) {
        const other = twin.openLedger({ provider: trusting(provider), memory })
        for (const { proposal, block } of steps) {
          const again = verifyBlock(other, block.header, proposal.batches)
          const place = `block ${block.header.height} with ${name}`
          expect(again.stateRoot, place).toEqual(block.stateRoot)
          expect(Buffer.compare(again.receipts, block.receipts), place).toBe(0)
          finalize(other, block.header.height)
        }
      }
    }
  })
})
