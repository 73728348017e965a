import { spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { serialize } from 'node:v8'
import { createRandom, type Random, testSeed, tierCount } from '@banyan/testing'
import { expect, test } from 'vitest'
import { compare } from './compare.js'
import { newFolder, openIndex, recordBlocks } from './folders.js'
import { naiveHistory } from './naive.js'
import { type RandomChain, randomChain } from './random-chain.js'

const program = fileURLToPath(new URL('record-and-die.mjs', import.meta.url))
const last = 90
const options = { sectionEntries: 300, queueBytes: 10_000, keepBlocks: 12 }

/** Runs the program until it has told of so many blocks and a moment has passed; returns the newest that it told of. */
async function recordAndDie(file: string, folder: string, blocks: number, random: Random): Promise<number> {
  const child = spawn(process.execPath, [program, file, folder], { stdio: ['ignore', 'pipe', 'inherit'] })
  let told = -1
  let count = 0
  const moment = random.below(20)
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const heights = text.trim().split('\n').map(Number)
    told = heights.at(-1)!
    const wasShort = count < blocks
    count += heights.length
    if (wasShort && count >= blocks) setTimeout(() => child.kill('SIGKILL'), moment)
  })
  const end = await new Promise((resolve) => child.on('close', (code, signal) => resolve(signal ?? code)))
  expect(['SIGKILL', 0]).toContain(end)
  return told
}

async function inputFile(folder: string, chain: RandomChain): Promise<string> {
  const accounts = Array.from({ length: 500 }, (_, i) => chain.addressOf(i))
  const { genesisId, blocks } = chain
  await writeFile(`${folder}.blocks`, serialize({ genesisId, blocks, accounts, options }))
  return `${folder}.blocks`
}

test.each(Array.from({ length: tierCount({ push: 2, full: 30, fuzz: 5 }) }, (_, i) => i))(
  'LED-16: a process killed at any moment leaves whole blocks, and what was told is among them (%i)',
  async (round) => {
    const random = createRandom(testSeed(`history crash ${round}`))
    const chain = randomChain(random, { blocks: last, transfers: 30, others: 3 })
    const folder = await newFolder()
    const file = await inputFile(folder, chain)
    let told = -1
    for (let i = 0; i < 4; i++) {
      told = Math.max(told, await recordAndDie(file, folder, 1 + random.below(25), random))
      const index = await openIndex(folder, chain, options)
      const head = index.head() ?? -1
      expect(head).toBeGreaterThanOrEqual(told)
      const oldest = Math.max(0, head - options.keepBlocks + 1)
      if (head >= 0) await compare(index, naiveHistory(chain, oldest, head), chain, random, head)
      await index.close()
    }
    const index = await openIndex(folder, chain, options)
    await recordBlocks(index, chain, (index.head() ?? -1) + 1, last)
    await compare(index, naiveHistory(chain, last - options.keepBlocks + 1, last), chain, random, last)
    await index.close()
  },
)
