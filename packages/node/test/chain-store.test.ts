import { equalBytes, toHex } from '@banyan/base'
import {
  type Batch,
  createChain,
  decodeBlock,
  type ExecutedBlock,
  finalize,
  readReceipt,
  rollback,
} from '@banyan/ledger'
import { openChainStore } from '@banyan/node'
import { listSnapshots } from '@banyan/storage'
import { createSimulatedDisk, type SimulatedDisk } from '@banyan/storage/simulated'
import { beforeAll, expect, test } from 'vitest'
import { chainOptions, follow, genesis, type Made, makeBlocks, makeNext } from './small-chain.js'
import { proofOf } from './workload.js'

let blocks: readonly Made[]
beforeAll(() => {
  blocks = makeBlocks(80)
})

const policy = { snapshotEvery: 1000, keepSnapshots: 2, history: 'all', segmentBytes: 8000 } as const
const open = async (medium: SimulatedDisk, changes: Partial<Parameters<typeof openChainStore>[0]> = {}) =>
  openChainStore({ disk: await medium.open(), chainOptions, ...policy, ...changes })

type Store = Awaited<ReturnType<typeof open>>

/** Stores a block and declares it final. */
async function add(store: Store, { header, id }: ExecutedBlock, batches: readonly Batch[]): Promise<void> {
  const stored = store.append({ header, batches }, new Uint8Array(0))
  const final = stored.then(() => store.finalize(header.height, id, proofOf(header.height)))
  await final
}

async function extend(store: Store, to: number): Promise<void> {
  for (let height = store.chain.head.header.height + 1; height <= to; height++) {
    const made = blocks[height - 1]!
    await add(store, follow(store.chain, made), made.batches)
  }
}

function expectAt({ chain }: Store, height: number): void {
  expect(chain.head.header.height).toBe(height)
  if (height > 0) {
    expect(chain.stateRoot).toEqual(blocks[height - 1]!.stateRoot)
    expect(chain.head.id).toEqual(blocks[height - 1]!.block.id)
  }
}

/** Inverts a bit in the middle of every file whose name matches. */
async function damage(medium: SimulatedDisk, pattern: RegExp, byte = 500): Promise<void> {
  const disk = await medium.open()
  const files = (await disk.list()).filter((file) => pattern.test(file))
  await disk.close()
  expect(files.length).toBeGreaterThan(0)
  for (const file of files) medium.flipBit(file, 8 * byte)
}

test('the made blocks use every kind of change: calls that succeed, freed rows, new accounts', () => {
  for (const { block } of blocks) {
    for (let i = 0; i < block.header.transactionCount; i++) {
      expect(readReceipt(block.receipts, i).status).toBe('success')
    }
  }
  const chain = createChain(chainOptions)
  let freed = 0
  for (const made of blocks) {
    follow(chain, made)
    finalize(chain, chain.head.header.height)
    freed = Math.max(freed, chain.state.utxos.rows.freeHead)
  }
  expect(freed).toBeGreaterThan(0)
})

test('LED-9: a chain is replayed from its log alone', async () => {
  const medium = createSimulatedDisk()
  const store = await open(medium)
  await extend(store, 20)
  await store.close()
  const again = await open(medium)
  expect(again.recovery).toEqual({ snapshot: undefined, replayed: 20, cut: undefined, refused: [] })
  expectAt(again, 20)
  await extend(again, 22)
  expectAt(again, 22)
})

test('LED-9: snapshot and tail give the same chain as a full replay, at every height of the snapshot', async () => {
  for (let height = 0; height <= 72; height += 3) {
    const medium = createSimulatedDisk()
    const store = await open(medium)
    await extend(store, height)
    await store.snapshot()
    await extend(store, height + 4)
    await store.close()
    const again = await open(medium)
    expect(again.recovery).toEqual({ snapshot: height, replayed: 4, cut: undefined, refused: [] })
    expectAt(again, height + 4)
    for (let next = height + 5; next <= height + 7; next++) {
      const made = blocks[next - 1]!
      const block = follow(again.chain, made)
      expect(equalBytes(block.receipts, made.block.receipts)).toBe(true)
      await add(again, block, made.batches)
    }
    expectAt(again, height + 7)
  }
})

test('LED-9: a damaged newest snapshot is passed over, and the longer tail is replayed', async () => {
  const medium = createSimulatedDisk()
  const store = await open(medium)
  for (const height of [5, 9]) {
    await extend(store, height)
    await store.snapshot()
  }
  await extend(store, 12)
  await store.close()
  await damage(medium, /^state-0*9\.snap$/)
  const again = await open(medium)
  expect(again.recovery).toMatchObject({ snapshot: 5, replayed: 7, refused: [{ height: 9 }] })
  expect(again.recovery.refused[0]!.reason.kind).toBe('SnapshotInvalid')
  expectAt(again, 12)
  // The next snapshot takes the place of the damaged one, not of the intact one.
  await again.snapshot()
  await again.close()
  const disk = await medium.open()
  expect(await listSnapshots(disk, 'state')).toEqual([5, 9, 12])
  await disk.close()
  await damage(medium, /^state-/, 600)
  const replayed = await open(medium)
  expect(replayed.recovery).toMatchObject({ snapshot: undefined, replayed: 12 })
  expectAt(replayed, 12)
})

test('LED-9: a snapshot that is newer than the end of the log is used, and the log goes on after the gap', async () => {
  const medium = createSimulatedDisk()
  const store = await open(medium, { segmentBytes: 100_000 })
  await extend(store, 8)
  await store.snapshot()
  await store.close()
  // The medium loses what it had promised to keep: the records of the last blocks.
  const disk = await medium.open()
  const file = await disk.open('blocks-0000000000000001.log')
  await file.truncate((await file.size()) - 1500)
  await file.sync()
  await disk.close()
  let again = await open(medium, { segmentBytes: 100_000 })
  expect(again.recovery).toMatchObject({ snapshot: 8, replayed: 0 })
  expect(again.recovery.cut!.bytes).toBeGreaterThan(0)
  expectAt(again, 8)
  await extend(again, 12)
  await again.close()
  again = await open(medium, { segmentBytes: 100_000 })
  expect(again.recovery).toMatchObject({ snapshot: 8, replayed: 4 })
  expectAt(again, 12)
  await again.close()
  await damage(medium, /^state-/)
  await expect(open(medium, { segmentBytes: 100_000 })).rejects.toMatchObject({
    kind: 'HistoryGap',
    details: { to: 8 },
  })
})

test('LED-9: final blocks that only an unreadable snapshot shows are reported, not forgotten', async () => {
  for (const older of [[], [3]]) {
    const medium = createSimulatedDisk()
    const store = await open(medium, { segmentBytes: 100_000 })
    for (const height of [...older, 8]) {
      await extend(store, height)
      await store.snapshot()
    }
    await store.close()
    const disk = await medium.open()
    const file = await disk.open('blocks-0000000000000001.log')
    await file.truncate((await file.size()) - 10)
    await file.sync()
    await disk.close()
    await damage(medium, /^state-0*8\.snap$/)
    await expect(open(medium, { segmentBytes: 100_000 })).rejects.toMatchObject({
      kind: 'HistoryGap',
      details: { from: 8, to: 8 },
    })
  }
})

test('LED-9: a recent history is cut below the oldest kept snapshot, and still leads to the newest block', async () => {
  const medium = createSimulatedDisk()
  const recent = { history: 'recent', snapshotEvery: 6, segmentBytes: 5000 } as const
  const store = await open(medium, recent)
  await extend(store, 40)
  await store.close()
  const disk = await medium.open()
  const files = await disk.list()
  expect(files).not.toContain('blocks-0000000000000001.log')
  expect(await listSnapshots(disk, 'state')).toHaveLength(2)
  const newest = (await listSnapshots(disk, 'state'))[1]!
  await disk.close()
  await damage(medium, new RegExp(`^state-0*${newest}\\.snap$`))
  const again = await open(medium, recent)
  expect(again.recovery.refused).toHaveLength(1)
  expectAt(again, 40)
  await again.close()
  await damage(medium, /^state-/, 600)
  await expect(open(medium, recent)).rejects.toMatchObject({ kind: 'HistoryGap', details: { from: 1 } })
})

test('LED-9: blocks become durable together, and are final only then', async () => {
  const syncs: string[] = []
  const medium = createSimulatedDisk((operation, file) => {
    if (operation === 'sync' && file.startsWith('blocks')) syncs.push(file)
  })
  const store = await open(medium, { segmentBytes: 100_000 })
  syncs.length = 0
  const executed = blocks.slice(0, 10).map((made) => follow(store.chain, made))
  expect(store.chain.earlier).toHaveLength(10)
  const stored = executed.map(({ header }, i) =>
    store.append({ header, batches: blocks[i]!.batches }, new Uint8Array(0)),
  )
  await Promise.all(stored)
  expect(store.chain.earlier).toHaveLength(10)
  const final = store.finalize(10, executed[9]!.id, proofOf(10))
  expect(store.chain.earlier).toHaveLength(10)
  await final
  expect(store.chain.earlier).toHaveLength(0)
  expect(syncs.length).toBeLessThanOrEqual(3)
  await store.close()
})

test('LED-9: a snapshot holds the newest final block, whatever is built and taken back meanwhile', async () => {
  const medium = createSimulatedDisk()
  const store = await open(medium, { segmentBytes: 100_000 })
  await extend(store, 7)
  // Blocks 8 to 10 are executed only: the snapshot must not show them.
  for (const made of blocks.slice(7, 10)) follow(store.chain, made)
  const taking = store.snapshot()
  rollback(store.chain)
  follow(store.chain, blocks[9]!)
  const added = blocks.slice(7, 12).map((made, i) => {
    const block = i < 3 ? made.block : follow(store.chain, made)
    return add(store, block, made.batches)
  })
  await Promise.all(added)
  await taking
  expect(store.chain.earlier).toHaveLength(0)
  await store.close()
  const again = await open(medium, { segmentBytes: 100_000 })
  expect(again.recovery).toMatchObject({ snapshot: 7, replayed: 5, refused: [] })
  expectAt(again, 12)
})

test('LED-9: stored blocks that are not final come back as candidates; those that others replaced do not', async () => {
  const medium = createSimulatedDisk()
  const store = await open(medium, { segmentBytes: 100_000 })
  await extend(store, 3)
  // Two blocks at height 4, and one on top of each; only the second branch becomes final up to height 4.
  const first = makeNext(store.chain, 10)
  const aboveFirst = makeNext(store.chain, 11)
  rollback(store.chain)
  rollback(store.chain)
  const second = makeNext(store.chain, 12)
  const aboveSecond = makeNext(store.chain, 13)
  for (const { block, batches } of [first, aboveSecond, second, aboveFirst]) {
    await store.append({ header: block.header, batches }, new Uint8Array(0))
  }
  await store.close()
  let again = await open(medium, { segmentBytes: 100_000 })
  expectAt(again, 3)
  const ids = (candidates: typeof again.candidates) => candidates.map(({ id }) => toHex(id))
  expect(ids(again.candidates).sort()).toEqual(
    [first, second, aboveFirst, aboveSecond].map(({ block }) => toHex(block.id)).sort(),
  )
  follow(again.chain, second)
  await again.finalize(4, second.block.id, proofOf(4))
  await again.close()
  again = await open(medium, { segmentBytes: 100_000 })
  expect(again.chain.head.id).toEqual(second.block.id)
  expect(ids(again.candidates)).toEqual([toHex(aboveSecond.block.id)])
  expect(again.proof).toEqual(proofOf(4))
  await again.close()
})

test('LED-9: finality of a block that is not in the log is a gap, not a loss without a word', async () => {
  const medium = createSimulatedDisk()
  const store = await open(medium)
  await extend(store, 2)
  const made = blocks[2]!
  follow(store.chain, made)
  await store.finalize(3, made.block.id, proofOf(3))
  await store.close()
  await expect(open(medium)).rejects.toMatchObject({ kind: 'HistoryGap', details: { from: 3, to: 3 } })
})

test('LED-9: final blocks are read from any height, in ranges that end with a proof', async () => {
  const medium = createSimulatedDisk()
  const store = await open(medium)
  await extend(store, 30)
  const last = blocks.slice(30, 34).map((made) => follow(store.chain, made))
  for (const [i, { header }] of last.entries())
    await store.append({ header, batches: blocks[30 + i]!.batches }, new Uint8Array(0))
  await store.finalize(34, last[3]!.id, proofOf(34))
  const limits = { maxBlocks: 8, maxBytes: 2 ** 20 }
  for (let from = 1; from <= 34; from++) {
    const range = (await store.readRange(from, limits))!
    const heights = range.blocks.map((bytes) => decodeBlock(bytes).header.height)
    expect(heights).toEqual(heights.map((_, i) => from + i))
    expect(range.height).toBe(heights.at(-1))
    expect(range.proof).toEqual(proofOf(range.height))
    // The last four became final by one proof: a range holds all of them or none.
    const end = from <= 26 && from > 22 ? 30 : 34
    expect(heights.length).toBe(Math.min(8, end - from + 1))
  }
  expect(await store.readRange(35, limits)).toBeUndefined()
  expect((await store.readRange(1, { maxBlocks: 8, maxBytes: 1 }))!.blocks).toHaveLength(1)
  await store.close()
})

test('LED-9: a block that was stored before its parent is read behind it', async () => {
  const medium = createSimulatedDisk()
  const store = await open(medium)
  const made = blocks.slice(0, 3)
  for (const one of made) follow(store.chain, one)
  for (const { block, batches } of [made[1]!, made[0]!, made[2]!]) {
    await store.append({ header: block.header, batches }, new Uint8Array(0))
  }
  await store.finalize(3, made[2]!.block.id, proofOf(3))
  const read = async (from: Store) => {
    const range = (await from.readRange(1, { maxBlocks: 8, maxBytes: 2 ** 20 }))!
    return range.blocks.map((bytes) => decodeBlock(bytes).header.height)
  }
  expect(await read(store)).toEqual([1, 2, 3])
  await store.close()
  const again = await open(medium)
  expect(await read(again)).toEqual([1, 2, 3])
  expectAt(again, 3)
})

test('LED-9: certificates and epochs come back in their order, and certificates of views that are over are forgotten', async () => {
  const medium = createSimulatedDisk()
  let store = await open(medium)
  const kept = (epoch: number, view: number) => ({ epoch, view, bytes: new Uint8Array(300).fill(view) })
  for (let view = 1; view <= 5; view++) await store.keep(kept(1, view))
  await store.keep(kept(2, 1))
  await store.endEpoch(new Uint8Array(9).fill(1))
  await store.endEpoch(new Uint8Array(9).fill(2))
  await store.close()
  store = await open(medium)
  expect(store.certificates).toEqual([1, 2, 3, 4, 5].map((view) => kept(1, view)).concat(kept(2, 1)))
  expect(store.epochs.map((bytes) => bytes[0])).toEqual([1, 2])
  for (let view = 2; view < 4000; view++) await store.keep(kept(2, view))
  await store.forgetKept(2, 3990)
  await store.close()
  store = await open(medium)
  const views = store.certificates.map(({ view }) => view)
  expect(views.at(-1)).toBe(3999)
  expect(views).toContain(3991)
  expect(views[0]).toBeGreaterThan(2000)
  await store.close()
})

test('LED-9: no block is durably final before the record of the epoch that ended below it', async () => {
  const medium = createSimulatedDisk()
  const store = await open(medium)
  const made = blocks[0]!
  const { header, id } = follow(store.chain, made)
  await store.append({ header, batches: made.batches }, new Uint8Array(0))
  medium.failSync(1)
  const ending = store.endEpoch(new Uint8Array(9))
  const final = store.finalize(1, id, proofOf(1))
  await expect(ending).rejects.toMatchObject({ kind: 'DiskFailed' })
  await expect(final).rejects.toMatchObject({ kind: 'DiskFailed' })
  await expect(store.close()).rejects.toMatchObject({ kind: 'DiskFailed' })
  medium.powerLoss(() => Number.POSITIVE_INFINITY)
  const again = await open(medium)
  expectAt(again, 0)
  await again.close()
})

test('LED-9: a stored block comes back with the vote of its proposer, and ranges are without it', async () => {
  const medium = createSimulatedDisk()
  let store = await open(medium)
  for (const [i, made] of blocks.slice(0, 3).entries()) {
    const { header } = follow(store.chain, made)
    await store.append({ header, batches: made.batches }, new Uint8Array(i * 50).fill(i))
  }
  await store.finalize(1, blocks[0]!.block.id, proofOf(1))
  await store.close()
  store = await open(medium)
  expect(store.candidates.map(({ vote }) => vote)).toEqual([1, 2].map((i) => new Uint8Array(i * 50).fill(i)))
  for (const made of blocks.slice(1, 3)) follow(store.chain, made)
  await store.finalize(3, blocks[2]!.block.id, proofOf(3))
  const range = (await store.readRange(1, { maxBlocks: 8, maxBytes: 2 ** 20 }))!
  expect(range.blocks.map((bytes) => decodeBlock(bytes).header.height)).toEqual([1, 2, 3])
  await store.close()
})

test('LED-9: records that come faster than the disk are refused one by one, and can be given again', async () => {
  const store = await open(createSimulatedDisk(), { segmentBytes: 4000 })
  const executed = blocks.slice(0, 8).map((made) => follow(store.chain, made))
  const give = (i: number) =>
    store.append({ header: executed[i]!.header, batches: blocks[i]!.batches }, new Uint8Array(0))
  const results = await Promise.allSettled(executed.map((_, i) => give(i)))
  const refused = results.flatMap(({ status }, i) => (status === 'rejected' ? [i] : []))
  expect(refused.length).toBeGreaterThan(0)
  for (const i of refused) {
    expect(results[i]).toMatchObject({ reason: { kind: 'LogBusy' } })
    await give(i)
  }
  await store.finalize(8, executed[7]!.id, proofOf(8))
  expect(store.chain.earlier).toHaveLength(0)
  await store.close()
})

test('LED-9: a folder belongs to one genesis, and survives damage to one copy of its identity', async () => {
  const medium = createSimulatedDisk()
  const store = await open(medium)
  await extend(store, 3)
  await store.close()
  const other = { ...chainOptions, genesis: { ...genesis, chainId: 8n } }
  await expect(open(medium, { chainOptions: other })).rejects.toMatchObject({ kind: 'GenesisMismatch' })
  for (const copy of [1, 2]) {
    await damage(medium, new RegExp(`^chain-0*${copy}\\.snap$`), 50)
    const again = await open(medium)
    expectAt(again, 3)
    await again.close()
  }
  await damage(medium, /^chain-/, 50)
  await expect(open(medium)).rejects.toMatchObject({ kind: 'SnapshotInvalid' })
})

test('LED-9: options that cannot work are refused', async () => {
  for (const changes of [{ keepSnapshots: 1 }, { snapshotEvery: 0 }, { segmentBytes: 80 }]) {
    await expect(open(createSimulatedDisk(), changes)).rejects.toMatchObject({ kind: 'OptionInvalid' })
  }
})

test('LED-9: a store whose disk failed refuses to go on', async () => {
  const medium = createSimulatedDisk()
  const store = await open(medium)
  await extend(store, 2)
  medium.failSync(1)
  for (const made of blocks.slice(2, 4)) {
    await expect(add(store, follow(store.chain, made), made.batches)).rejects.toMatchObject({
      kind: 'DiskFailed',
    })
  }
  await expect(store.close()).rejects.toMatchObject({ kind: 'DiskFailed' })
  medium.powerLoss(() => 0)
  expectAt(await open(medium), 2)
})
