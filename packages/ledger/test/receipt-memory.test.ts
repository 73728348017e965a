import {
  type DescribedBatch,
  type ExecutedBlock,
  generalBatch,
  readReceipt,
  releaseReceipts,
  verifyBlock,
} from '@banyan/ledger'
import { expect, test } from 'vitest'
import * as S from './small-chain.js'

/** Transfers of which the second half cannot pay its fee and is skipped: most fields of those receipts stay zero. */
const transfers = (chain: ReturnType<typeof S.newChain>, count: number): Uint8Array[] =>
  Array.from({ length: count }, (_, i) =>
    S.transfer(chain, { payee: S.filled(i + 1), ...(i * 2 < count ? {} : { maxFee: 1 }) }),
  )

const release = (blocks: readonly ExecutedBlock[]): void => {
  for (const block of blocks) releaseReceipts(block)
}

test('LED-14: nobody can read receipts that were given back', () => {
  const chain = S.newChain()
  const block = S.addBlock(chain, transfers(chain, 4))
  const view = block.receipts.subarray(128)
  releaseReceipts(block)
  releaseReceipts(block)
  expect([block.receipts.length, view.length]).toEqual([0, 0])
  expect(() => readReceipt(block.receipts, 0)).toThrowError(
    expect.objectContaining({ kind: 'InvariantBroken' }),
  )
})

test('LED-12: receipts in memory that was given back are those in fresh memory', () => {
  const [fresh, reusing] = [S.newChain(), S.newChain()]
  for (const count of [40, 3, 17, 1, 0, 64, 30]) {
    const batches = S.batchesOf(fresh, transfers(fresh, count))
    const block = S.addBlock(fresh, [], batches)
    const again = verifyBlock(reusing, block.header, batches)
    expect(Buffer.compare(again.receipts, block.receipts)).toBe(0)
    releaseReceipts(again)
  }
})

test('LED-14: memory that was given back goes to one later block', () => {
  const chain = S.newChain()
  const first = S.addBlock(chain, transfers(chain, 50))
  const kept = S.addBlock(chain, transfers(chain, 2))
  const before = kept.receipts.slice()
  const large = first.receipts.buffer.byteLength
  releaseReceipts(first)
  const later = [S.addBlock(chain, transfers(chain, 9)), S.addBlock(chain, transfers(chain, 7))]
  expect(later.map(({ receipts }) => receipts.buffer.byteLength === large)).toEqual([true, false])
  expect(later.map((block) => S.receiptsOf(block).length)).toEqual([9, 7])
  expect(kept.receipts).toEqual(before)
  release([kept, ...later])
})

test('LED-14: a block with too many transactions is refused before any is executed', () => {
  const chain = S.newChain()
  const [described] = S.batchesOf(chain, [S.pack(chain)])
  const batch = { ...generalBatch([S.pack(chain)]), count: 2 ** 22 + 1 }
  const large: DescribedBatch = { ...described!, batch, entries: [] }
  const { head, stateRoot } = chain
  expect(() => S.addBlock(chain, [], [large])).toThrowError(
    expect.objectContaining({ kind: 'BlockTooLarge' }),
  )
  expect([chain.head, chain.stateRoot]).toEqual([head, stateRoot])
})
