import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Address, Hash } from '@banyan/base'
import { native } from '@banyan/crypto/native'
import { buildBlock, describeBatch, encodeBlock, finalize, readReceipt, walletBaseFee } from '@banyan/ledger'
import { type FinalBlock, type HistoryIndex, openHistory } from '@banyan/node/history'
import { createRandom } from '@banyan/testing'
import { ClassicLevel } from 'classic-level'
import { addressOf, benchChain, fees, randomPeople, unsignedTransfers } from './ledger/workload.js'
import type { Bench, BenchContext, Row } from './runner/benchmark.js'

const perBlock = 10_000
/** Enough that the first section becomes whole, so that its cost is in the figures. */
const blockCount = 40
const transactions = perBlock * blockCount
const entriesPerTransfer = 3
/** Blocks of the plain way, which is slow. */
const blocksEach = 8

type Workload = {
  readonly genesisId: Hash
  readonly blocks: readonly FinalBlock[]
  readonly encoded: readonly Uint8Array[]
  readonly accounts: readonly Address[]
}

function makeWorkload(): Workload {
  const random = createRandom(16)
  const people = randomPeople(random, 100_000)
  const chain = benchChain(people)
  const blocks: FinalBlock[] = []
  const encoded: Uint8Array[] = []
  while (blocks.length < blockCount) {
    const batches = [describeBatch(native, chain.domains, unsignedTransfers(chain, people, random, perBlock))]
    const { header } = chain.head
    const proposal = { batches, proposer: addressOf(people, 0), view: header.view + 1 }
    const block = buildBlock(chain, { ...proposal, timestamp: header.timestamp + 1n })
    finalize(chain, block.header.height)
    blocks.push({ block, batches, baseFee: walletBaseFee(fees.start) })
    encoded.push(encodeBlock({ header: block.header, batches: batches.map(({ batch }) => batch) }))
  }
  const accounts = Array.from({ length: 1000 }, (_, i) => addressOf(people, i))
  return { genesisId: chain.genesisId, blocks, encoded, accounts }
}

function open(folder: string, { genesisId, encoded }: Workload): Promise<HistoryIndex> {
  return openHistory({
    folder,
    provider: native,
    genesisId,
    readBlock: async (height, from, to) => encoded[height - 1]?.subarray(from, to),
    addressOf: () => {
      throw new Error('transfers name no account numbers')
    },
  })
}

async function recordAll(folder: string, workload: Workload): Promise<void> {
  const index = await open(folder, workload)
  for (const block of workload.blocks) await index.record(block)
  await index.close()
}

/** The plain way: a key for each entry, in batches of one block. */
async function putEach(folder: string): Promise<void> {
  const level = new ClassicLevel<Uint8Array, Uint8Array>(folder, {
    keyEncoding: 'view',
    valueEncoding: 'view',
  })
  const random = createRandom(17)
  for (let block = 0; block < blocksEach; block++) {
    const bytes = random.bytes(perBlock * entriesPerTransfer * 8)
    const changes = Array.from({ length: perBlock * entriesPerTransfer }, (_, i) => {
      const key = bytes.subarray(8 * i, 8 * i + 8)
      return { type: 'put' as const, key, value: key }
    })
    await level.batch(changes, { sync: true })
  }
  await level.close()
}

async function folderBytes(folder: string): Promise<number> {
  const sizes = await Promise.all(
    (await readdir(folder)).map(async (file) => (await stat(join(folder, file))).size),
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}

async function run(context: BenchContext): Promise<readonly Row[]> {
  const root = await mkdtemp(join(tmpdir(), 'banyan-bench-history-'))
  let runs = 0
  const nextFolder = (): string => join(root, String(runs++))
  try {
    const workload = makeWorkload()
    const recorded = await context.median(transactions, (folder) => recordAll(folder, workload), nextFolder)
    const folder = join(root, String(runs - 1))
    const bytes = (await folderBytes(folder)) / transactions
    const each = await context.median(perBlock * blocksEach, putEach, nextFolder)
    return [
      {
        what: 'transfers recorded, durable',
        unit: 'tx/s',
        ours: recorded.perSecond,
        cpuMicros: recorded.cpuMicros,
        against: { name: 'LevelDB, one key for each of the three entries alone', value: each.perSecond },
      },
      {
        what: 'CPU of recording a transfer',
        unit: 'µs',
        ours: recorded.cpuMicros,
        against: { name: 'as above', value: each.cpuMicros },
        goal: 3,
        better: 'less',
      },
      {
        what: 'bytes of a transfer on disk, besides the block log',
        unit: 'B',
        ours: bytes,
        against: { name: 'its receipt alone', value: 128 },
        goal: 120,
        better: 'less',
      },
      ...(await readRows(context, folder, workload)),
    ]
  } finally {
    await rm(root, { recursive: true, force: true })
  }
}

async function readRows(context: BenchContext, folder: string, workload: Workload): Promise<readonly Row[]> {
  const index = await open(folder, workload)
  const { history } = index
  const ids = workload.blocks.flatMap(({ block }) =>
    Array.from({ length: 50 }, (_, i) => readReceipt(block.receipts, i * 200).id),
  )
  const byId = await context.median(ids.length, async () => {
    for (const id of ids) await history.transaction(id)
  })
  const newest = workload.accounts.slice(0, 100)
  const activity = await context.median(newest.length, async () => {
    for (const account of newest) await index.history.activity(account, undefined, 5)
  })
  const block = await context.median(perBlock, async () => {
    await history.included(blockCount, 0, perBlock)
  })
  await index.close()
  return [
    { what: 'transactions found by id', unit: '1/s', ours: byId.perSecond, cpuMicros: byId.cpuMicros },
    {
      what: 'newest five of an account',
      unit: '1/s',
      ours: activity.perSecond,
      cpuMicros: activity.cpuMicros,
    },
    {
      what: 'transactions of a whole block',
      unit: 'tx/s',
      ours: block.perSecond,
      cpuMicros: block.cpuMicros,
    },
  ]
}

export const bench: Bench = {
  name: 'history',
  title: 'The index of final blocks: what it costs to write, what it answers',
  run,
}
