import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { asHash, BanyanError } from '@banyan/base'
import { createRandom, testSeed, tierCount } from '@banyan/testing'
import { ClassicLevel } from 'classic-level'
import { describe, expect, test } from 'vitest'
import { newFolder, openIndex, recordBlocks } from './folders.js'
import { naiveHistory } from './naive.js'
import { people, type RandomChain, randomChain } from './random-chain.js'

const level = (folder: string) =>
  new ClassicLevel<Buffer, Buffer>(folder, { keyEncoding: 'buffer', valueEncoding: 'buffer' })

async function filled(name: string): Promise<{ chain: RandomChain; folder: string }> {
  const chain = randomChain(createRandom(testSeed(name)), { blocks: 6, transfers: 150, others: 6 })
  const folder = await newFolder()
  const index = await openIndex(folder, chain, { sectionEntries: 700 })
  await recordBlocks(index, chain, 0, 6)
  await index.close()
  return { chain, folder }
}

/** Asks for everything. */
async function readAll(folder: string, chain: RandomChain): Promise<unknown[]> {
  const index = await openIndex(folder, chain)
  try {
    const answers: unknown[] = []
    for (let height = 0; height <= 6; height++) {
      answers.push(await index.history.blockAt(height), await index.receipts(height))
      answers.push(await index.history.included(height, 0, 1000))
    }
    answers.push(await index.history.logs({ from: 0, to: 6, addresses: [], topics: [], limit: 9999 }))
    for (const person of people) answers.push(await index.history.activity(person, undefined, 9999))
    return answers
  } finally {
    await index.close()
  }
}

describe('a damaged index', () => {
  test('LED-16: a changed value is reported, never answered', async () => {
    const { chain, folder } = await filled('history changed values')
    const intact = await readAll(folder, chain)
    const random = createRandom(testSeed('which value'))
    const database = level(folder)
    const entries = await database.iterator().all()
    await database.close()
    let reported = 0
    for (let i = 0; i < tierCount({ push: 13, full: 195, fuzz: 26 }); i++) {
      // One kind of entries after the other: nearly all keys are those of buckets.
      const kind = entries.filter(([key]) => key[0] === i % 13)
      if (kind.length === 0) continue
      const [key, value] = kind[random.below(kind.length)]!
      const changed = Buffer.from(value)
      changed[random.below(changed.length)]! ^= 1 + random.below(255)
      await change(folder, key, changed)
      const answers = await readAll(folder, chain).catch((error: unknown) => error)
      if (answers instanceof BanyanError) reported++
      if (answers instanceof BanyanError) expect(answers.kind).toBe('IndexDamaged')
      else expect(isDeepStrictEqual(answers, intact)).toBe(true)
      await change(folder, key, value)
    }
    expect(reported).toBeGreaterThan(7)
  })

  test('LED-16: a value that stands for another one is reported', async () => {
    const { chain, folder } = await filled('history swapped values')
    const database = level(folder)
    const entries = await database.iterator().all()
    const records = entries.filter(([key]) => key[0] === 2)
    await database.put(records[3]![0], records[4]![1])
    await database.close()
    await expect(readAll(folder, chain)).rejects.toMatchObject({ kind: 'IndexDamaged' })
  })

  test.each([
    ['the newest block', 2],
    ['what the newest block can be found by', 12],
    ['what it is', 0],
    ['its sections', 9],
  ])('LED-16: one that has lost %s is refused', async (_, space) => {
    const { chain, folder } = await filled('history lost')
    const database = level(folder)
    const lost = (await database.keys().all()).filter((key) => key[0] === space)
    expect(lost.length).toBeGreaterThan(0)
    await database.del(lost.at(-1)!)
    await database.close()
    await expect(openIndex(folder, chain)).rejects.toMatchObject({ kind: 'IndexDamaged' })
  })

  test('LED-16: a damaged file of the database is reported with what to do', async () => {
    const { chain, folder } = await filled('history files')
    for (const file of await readdir(folder)) {
      if (!file.startsWith('MANIFEST')) continue
      const bytes = await readFile(join(folder, file))
      await writeFile(join(folder, file), bytes.fill(0x55, 10, 40))
    }
    const error: unknown = await openIndex(folder, chain).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ kind: 'IndexDamaged' })
    expect((error as BanyanError).fix).toContain('delete this folder')
    await rm(folder, { recursive: true })
    const index = await openIndex(folder, chain)
    await recordBlocks(index, chain, 0, 6)
    const naive = naiveHistory(chain, 0, 6)
    expect(await index.history.blockAt(6)).toEqual(await naive.history.blockAt(6))
    await index.close()
  })

  test('LED-16: a folder of another chain, or one in use, is refused', async () => {
    const { chain, folder } = await filled('history of another chain')
    const other = { ...chain, genesisId: asHash(new Uint8Array(32).fill(1)) }
    await expect(openIndex(folder, other)).rejects.toMatchObject({ kind: 'GenesisMismatch' })
    const index = await openIndex(folder, chain)
    await expect(openIndex(folder, chain)).rejects.toMatchObject({ kind: 'FolderLocked' })
    await index.close()
  })

  test('LED-16: a block log that holds another block is reported', async () => {
    const { chain, folder } = await filled('history and log')
    const shorter = { ...chain, encoded: chain.encoded.map((bytes) => bytes.subarray(0, 400)) }
    await expect(readAll(folder, shorter)).rejects.toMatchObject({ kind: 'IndexDamaged' })
    const index = await openIndex(folder, { ...chain, encoded: [] })
    expect(await index.history.included(6, 0, 9)).toEqual([])
    expect((await index.history.blockAt(6))?.header.height).toBe(6)
    await index.close()
  })
})

async function change(folder: string, key: Buffer, value: Buffer): Promise<void> {
  const database = level(folder)
  await database.put(key, value)
  await database.close()
}
