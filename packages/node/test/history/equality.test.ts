import { createRandom, testSeed, tierCount } from '@banyan/testing'
import { describe, expect, test } from 'vitest'
import { compare } from './compare.js'
import { newFolder, openIndex, recordBlocks } from './folders.js'
import { naiveHistory } from './naive.js'
import { people, randomChain } from './random-chain.js'

const rounds = tierCount({ push: 2, full: 20, fuzz: 4 })

describe('an index of final blocks', () => {
  test.each(Array.from({ length: rounds }, (_, i) => i))(
    'LED-16: answers as plain arrays do, while it is filled and after it was opened again (%i)',
    async (round) => {
      const random = createRandom(testSeed(`history ${round}`))
      const chain = randomChain(random, { blocks: 12, transfers: 300, others: 30 })
      const folder = await newFolder()
      const middle = 2 + random.below(9)
      const index = await openIndex(folder, chain)
      expect(index.head()).toBeUndefined()
      await recordBlocks(index, chain, 0, middle)
      await compare(index, naiveHistory(chain, 0, middle), chain, random, middle)
      await recordBlocks(index, chain, middle + 1, 12)
      await index.close()
      const again = await openIndex(folder, chain)
      await compare(again, naiveHistory(chain, 0, 12), chain, random, 12)
      await again.close()
    },
  )

  test('LED-16: a chain without transactions has blocks and nothing else', async () => {
    const random = createRandom(testSeed('history of nothing'))
    const chain = randomChain(random, { blocks: 3, transfers: 0, others: 0 })
    const index = await openIndex(await newFolder(), chain)
    expect(index.history.oldest()).toBe(0)
    expect(await index.history.activity(people[0]!, undefined, 5)).toEqual([])
    await recordBlocks(index, chain, 0, 3)
    await compare(index, naiveHistory(chain, 0, 3), chain, random, 3)
    await index.close()
  })

  test('LED-16: an index can begin in the middle of a chain', async () => {
    const random = createRandom(testSeed('history from the middle'))
    const chain = randomChain(random, { blocks: 8, transfers: 60, others: 8 })
    const index = await openIndex(await newFolder(), chain)
    await recordBlocks(index, chain, 5, 8)
    await compare(index, naiveHistory(chain, 5, 8), chain, random, 8)
    await index.close()
  })
})
