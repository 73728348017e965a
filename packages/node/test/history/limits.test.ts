import { BanyanError } from '@banyan/base'
import type { BlockRecord } from '@banyan/node/api'
import { createRandom, testSeed } from '@banyan/testing'
import { ClassicLevel } from 'classic-level'
import { describe, expect, test } from 'vitest'
import { compare } from './compare.js'
import { newFolder, openIndex, recordBlocks } from './folders.js'
import { naiveHistory } from './naive.js'
import { randomChain } from './random-chain.js'

function kindOf(work: () => unknown): string | undefined {
  try {
    work()
    return undefined
  } catch (error) {
    return error instanceof BanyanError ? error.kind : String(error)
  }
}

describe('what an index takes', () => {
  test('LED-16: blocks that it has are ignored, and after a gap it answers for those from there on', async () => {
    const random = createRandom(testSeed('history order'))
    const chain = randomChain(random, { blocks: 9, transfers: 9, others: 2 })
    const folder = await newFolder()
    const index = await openIndex(folder, chain)
    await recordBlocks(index, chain, 0, 2)
    expect(index.record(chain.blocks[1]!)).toBeUndefined()
    await recordBlocks(index, chain, 3, 4)
    await compare(index, naiveHistory(chain, 0, 4), chain, random, 4)
    await recordBlocks(index, chain, 7, 8)
    await compare(index, naiveHistory(chain, 7, 8), chain, random, 8)
    await index.close()
    expect(kindOf(() => index.record(chain.blocks[4]!))).toBe('IndexClosed')
    await expect(index.history.blockAt(8)).rejects.toMatchObject({ kind: 'IndexClosed' })
    const again = await openIndex(folder, chain)
    await recordBlocks(again, chain, 9, 9)
    await compare(again, naiveHistory(chain, 7, 9), chain, random, 9)
    await again.close()
  })

  test('LED-16: what waits is bounded, and whoever waits for room loses nothing', async () => {
    const chain = randomChain(createRandom(testSeed('history queue')), {
      blocks: 20,
      transfers: 60,
      others: 0,
    })
    const recorded: number[] = []
    const onRecorded = ({ header }: BlockRecord) => recorded.push(header.height)
    const index = await openIndex(await newFolder(), chain, { queueBytes: 20_000, onRecorded })
    let height = 0
    let room: Promise<void> | undefined
    while (room === undefined) room = index.record(chain.blocks[height++]!)
    expect(kindOf(() => index.record(chain.blocks[height]!))).toBe('IndexBusy')
    await room
    while (height <= 20) await index.record(chain.blocks[height++]!)
    await index.close()
    expect(recorded).toEqual(Array.from({ length: 21 }, (_, i) => i))
  })

  test('LED-16: closing waits for what was recorded', async () => {
    const random = createRandom(testSeed('history close'))
    const chain = randomChain(random, { blocks: 6, transfers: 200, others: 5 })
    const folder = await newFolder()
    const index = await openIndex(folder, chain)
    for (const block of chain.blocks) index.record(block)
    await index.close()
    const again = await openIndex(folder, chain)
    await compare(again, naiveHistory(chain, 0, 6), chain, random, 6)
    await again.close()
  })

  test('LED-16: listeners see a block only when readers do', async () => {
    const chain = randomChain(createRandom(testSeed('history listener')), {
      blocks: 5,
      transfers: 9,
      others: 2,
    })
    const seen: Promise<BlockRecord | undefined>[] = []
    const given: BlockRecord[] = []
    const index = await openIndex(await newFolder(), chain, {
      onRecorded: (record) => {
        given.push(record)
        seen.push(index.history.blockAt(record.header.height))
      },
    })
    await recordBlocks(index, chain, 0, 5)
    expect(await Promise.all(seen)).toEqual(given)
    await index.close()
  })

  test.each([{ keepBlocks: 0 }, { queueBytes: 0.5 }, { sectionEntries: -1 }])(
    'LED-16: an option that makes no sense is refused (%o)',
    async (options) => {
      const chain = randomChain(createRandom(1), { blocks: 1, transfers: 0, others: 0 })
      await expect(openIndex(await newFolder(), chain, options)).rejects.toMatchObject({
        kind: 'OptionInvalid',
      })
    },
  )
})

describe('an index that keeps the newest blocks only', () => {
  test('LED-16: answers for exactly these, and as a full one does', async () => {
    const random = createRandom(testSeed('history pruned'))
    const chain = randomChain(random, { blocks: 150, transfers: 40, others: 3 })
    const folder = await newFolder()
    const keepBlocks = 10
    let index = await openIndex(folder, chain, { keepBlocks, sectionEntries: 900 })
    for (const to of [7, 80, 150]) {
      await recordBlocks(index, chain, (index.head() ?? -1) + 1, to)
      const oldest = Math.max(0, to - keepBlocks + 1)
      await compare(index, naiveHistory(chain, oldest, to), chain, random, to)
      await index.close()
      index = await openIndex(folder, chain, { keepBlocks, sectionEntries: 900 })
      await compare(index, naiveHistory(chain, oldest, to), chain, random, to)
    }
    await index.close()
  })

  test('LED-16: removes what it no longer answers for from the disk', async () => {
    const chain = randomChain(createRandom(testSeed('history disk')), {
      blocks: 200,
      transfers: 60,
      others: 0,
    })
    const kept = await entriesAfter(chain, 10)
    const all = await entriesAfter(chain, undefined)
    // Blocks are removed 64 at a time.
    expect(kept.blocks).toBeLessThanOrEqual(10 + 64)
    expect(all.blocks).toBe(201)
    expect(kept.sections.size).toBeLessThan(all.sections.size / 2)
  })
})

async function entriesAfter(chain: ReturnType<typeof randomChain>, keepBlocks: number | undefined) {
  const folder = await newFolder()
  const options = { sectionEntries: 900, ...(keepBlocks === undefined ? {} : { keepBlocks }) }
  const index = await openIndex(folder, chain, options)
  await recordBlocks(index, chain, 0, 200)
  await index.close()
  const level = new ClassicLevel<Buffer, Buffer>(folder, { keyEncoding: 'buffer', valueEncoding: 'buffer' })
  const sections = new Set<number>()
  let blocks = 0
  for await (const key of level.keys()) {
    if (key[0] === 2) blocks++
    if (key[0] === 10) sections.add(key.readUInt32BE(3))
  }
  await level.close()
  return { blocks, sections }
}
