import { type DescribedBatch, generalBatch } from '@banyan/ledger'
import { expect, test } from 'vitest'
import * as S from './small-chain.js'

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
