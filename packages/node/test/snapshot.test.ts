import { BanyanError, fail } from '@banyan/base'
import {
  buildBlock,
  type Chain,
  createChain,
  finalize,
  restoreChain,
  rollback,
  snapshotChunks,
  snapshotHead,
} from '@banyan/ledger'
import { createRandom, type Random, testSeed, tierCount } from '@banyan/testing'
import { beforeAll, expect, test } from 'vitest'
import { chainOptions, follow, genesis, type Made, makeBlocks, makeNext, proposer } from './small-chain.js'

let blocks: readonly Made[]
beforeAll(() => {
  blocks = makeBlocks(80)
})

/** A height at which freed rows wait to be used again. */
const withFreed = 68

function chainAt(height: number): Chain {
  const chain = createChain(chainOptions)
  for (const made of blocks.slice(0, height)) {
    follow(chain, made)
    finalize(chain, made.block.header.height)
  }
  return chain
}

const genesisId = () => createChain(chainOptions).genesisId
const restore = (chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>) =>
  restoreChain({ ...chainOptions, genesisId: genesisId() }, chunks)

function expectSame(restored: Chain, chain: Chain): void {
  expect(restored.head).toEqual(chain.head)
  expect(restored.stateRoot).toEqual(chain.stateRoot)
  expect(restored.history).toEqual(chain.history)
  expect(restored.domains).toEqual(chain.domains)
}

test('LED-9: a restored chain takes its own snapshot again, byte by byte', async () => {
  for (const height of [0, 1, 5, 63, 64, 65, 80]) {
    const chain = chainAt(height)
    const chunks = [...snapshotChunks(chain)]
    const restored = await restore(chunks)
    expectSame(restored, chain)
    expect([...snapshotChunks(restored)]).toEqual(chunks)
    const next = makeNext(chain)
    expect(follow(restored, next).receipts).toEqual(next.block.receipts)
    rollback(restored)
    rollback(chain)
    expectSame(restored, chain)
  }
})

test('LED-9: a snapshot shows the newest final block below blocks that can still be taken back', async () => {
  const random = createRandom(testSeed('snapshots of undoable chains'))
  const chain = chainAt(2)
  let final = 2
  for (let round = 0; round < tierCount({ push: 40, full: 1000, fuzz: 200 }); round++) {
    const { height } = chain.head.header
    const undoable = chain.earlier.length
    if (random.below(3) === 0 && undoable > 0) rollback(chain)
    else if (height < blocks.length) follow(chain, blocks[height]!)
    if (random.below(3) === 0) {
      final = Math.max(final, chain.head.header.height - random.below(3))
      finalize(chain, final)
    }
    expect(snapshotHead(chain).header.height).toBe(chain.head.header.height - chain.earlier.length)
    const point = snapshotHead(chain).header.height
    const restored = await restore(snapshotChunks(chain))
    expect(restored.head.header.height).toBe(point)
    expect(restored.stateRoot).toEqual(blocks[point - 1]!.stateRoot)
    const next = blocks[point]
    if (next !== undefined) expect(follow(restored, next).receipts).toEqual(next.block.receipts)
  }
})

test('LED-9: a snapshot that outlives its final block is given up', () => {
  const chain = chainAt(3)
  const chunks = snapshotChunks(chain)
  chunks.next()
  follow(chain, blocks[3]!)
  expect(chunks.next().done).toBe(false)
  finalize(chain, 4)
  expect(() => [...chunks]).toThrow(/became final/)
})

test('LED-9: many rows and ids stand in chunks of at most one MiB', async () => {
  const accounts = Array.from({ length: 40_000 }, (_, i) => {
    const address = new Uint8Array(20)
    new DataView(address.buffer).setUint32(8, i * 0x9e3779b1)
    address[19] = 1
    return {
      address: address as (typeof genesis.accounts extends Iterable<infer Item> ? Item : never)['address'],
      balance: BigInt(i),
    }
  })
  const options = { ...chainOptions, genesis: { ...genesis, accounts } }
  const chain = createChain(options)
  const chunks = [...snapshotChunks(chain)]
  expect(Math.max(...chunks.map((chunk) => chunk.length))).toBe(2 ** 20)
  const restored = await restoreChain({ ...options, genesisId: chain.genesisId }, chunks)
  expectSame(restored, chain)
  for (const next of [chain, restored]) buildBlock(next, { batches: [], proposer, timestamp: 5000n, view: 1 })
  expectSame(restored, chain)
})

async function kindOf(chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<string | Chain> {
  try {
    return await restore(chunks)
  } catch (error) {
    expect(error).toBeInstanceOf(BanyanError)
    return (error as BanyanError).kind
  }
}

/** One change of a list of chunks: their bytes, words that look like numbers of rows, lengths, order. */
function mutate(random: Random, chunks: Uint8Array[]): void {
  const at = random.below(chunks.length)
  const chunk = chunks[at]!
  const kind = random.below(7)
  if (kind <= 1) chunk[random.below(chunk.length)]! ^= 1 << random.below(8)
  else if (kind === 2) {
    const words = [0, 1, 2, 3, 64, 0x7fffffff, 0xffffffff]
    const offset = 4 * random.below(Math.floor(chunk.length / 4))
    new DataView(chunk.buffer, chunk.byteOffset).setUint32(offset, words[random.below(words.length)]!, true)
  } else if (kind === 3) chunks[at] = chunk.subarray(0, random.below(chunk.length))
  else if (kind === 4) chunks.splice(at, 1)
  else if (kind === 5) chunks.splice(at, 0, chunk)
  else chunks[at] = chunks[random.below(chunks.length)]!
}

test('LED-9/QLT-6: a mutated snapshot is refused as invalid, or is the same state', async () => {
  const random = createRandom(testSeed('mutated snapshots'))
  const chain = chainAt(withFreed)
  const chunks = [...snapshotChunks(chain)]
  let refused = 0
  for (let round = 0; round < tierCount({ push: 400, full: 40_000, fuzz: 4000 }); round++) {
    const mutated = chunks.map((chunk) => chunk.slice())
    // Half of the rounds aim at the first chunk, which says what the others are.
    if (random.below(2) === 0) mutated[0]![random.below(mutated[0]!.length)]! ^= 1 << random.below(8)
    else mutate(random, mutated)
    const result = await kindOf(mutated)
    if (typeof result !== 'string') expectSame(result, chain)
    else {
      expect(result).toBe('SnapshotInvalid')
      refused++
    }
  }
  expect(refused).toBeGreaterThan(0)
})

type Rows = Chain['state']['assets']

/** A snapshot whose root is right for its rows, after somebody changed words of a table. */
function forged(table: (chain: Chain) => Rows, row: number, word: number, value: number): Uint8Array[] {
  const chain = chainAt(withFreed)
  const rows = table(chain)
  rows.touch(row)
  rows.words[row * rows.rowWords + word] = value
  chain.stateRoot = chain.state.commit()
  return [...snapshotChunks(chain)]
}

test('LED-9/QLT-6: forged links, freed rows and records are refused although the root is right', async () => {
  const chain = chainAt(withFreed)
  const { freeHead, length } = chain.state.utxos.rows
  expect(freeHead).toBeGreaterThan(0)
  const accounts = ({ state }: Chain) => state.accounts.rows
  const utxos = ({ state }: Chain) => state.utxos.rows
  const accountLink = 12
  const utxoLink = 14
  const second = chain.state.accounts.rows.words[2 * 16 + accountLink]!
  const forgeries: [string, Uint8Array[]][] = [
    ['a link to its own row', forged(accounts, 2, accountLink, 2)],
    ['a link beyond the table', forged(accounts, 2, accountLink, 1_000_000)],
    ['a link that ends the ring early', forged(accounts, 2, accountLink, 0)],
    [
      'a link that skips a row',
      forged(accounts, 2, accountLink, chain.state.accounts.rows.words[second * 16 + accountLink]!),
    ],
    ['a key out of order', forged(accounts, 2, 0, 0xffffffff)],
    ['a key in row 0', forged(accounts, 0, 4, 1)],
    ['a freed row with content', forged(utxos, freeHead, 16, 1)],
    ['a freed row that links to itself', forged(utxos, freeHead, utxoLink, freeHead)],
    ['a freed row that links to a live one', forged(utxos, freeHead, utxoLink, 1)],
    ['a freed row that links beyond the table', forged(utxos, freeHead, utxoLink, length)],
    ["a newest height that is not the header's", forged(({ state }) => state.chain, 0, 0, withFreed + 1)],
    ['another history root', forged(({ state }) => state.chain, 0, 16, 1)],
    ['another block id', forged(({ state }) => state.recent, withFreed % 64, 0, 1)],
    ['another height of a recent block', forged(({ state }) => state.recent, 9, 16, 8)],
    ['fewer ids than there are', forged(({ state }) => state.recent, 9, 20, 1)],
    ['another root of ids', forged(({ state }) => state.recent, 9, 8, 1)],
  ]
  for (const [title, chunks] of forgeries) expect(await kindOf(chunks), title).toBe('SnapshotInvalid')
})

test('LED-9/QLT-6: a snapshot of another chain, version or bound is refused', async () => {
  const chunks = [...snapshotChunks(chainAt(3))]
  const other = createChain({ ...chainOptions, genesis: { ...genesis, timestamp: 1n } }).genesisId
  const narrow = { ...chainOptions, genesis: { ...genesis, maxRows: 5 } }
  await expect(restoreChain({ ...chainOptions, genesisId: other }, chunks)).rejects.toMatchObject({
    kind: 'SnapshotInvalid',
  })
  await expect(restoreChain({ ...narrow, genesisId: genesisId() }, chunks)).rejects.toMatchObject({
    kind: 'SnapshotInvalid',
  })
  expect(await kindOf([])).toBe('SnapshotInvalid')
})

test('LED-9: what the source of the chunks throws comes through, and the source is closed', async () => {
  let closed = 0
  async function* source(fails: boolean): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      yield* [...snapshotChunks(chainAt(3))].slice(0, 3)
      if (fails) fail('DiskFailed', { operation: 'read', path: 'there' })
      yield new Uint8Array(7)
    } finally {
      closed++
    }
  }
  expect(await kindOf(source(true))).toBe('DiskFailed')
  expect(await kindOf(source(false))).toBe('SnapshotInvalid')
  expect(closed).toBe(2)
})
