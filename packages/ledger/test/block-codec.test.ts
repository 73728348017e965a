import { asAddress, asHash, BanyanError } from '@banyan/base'
import {
  type Block,
  blockParts,
  decodeBlock,
  encodeBlock,
  generalBatch,
  type Header,
  maxBlockBytes,
  transferBatch,
  transferWords,
} from '@banyan/ledger'
import { createRandom, type Random, testSeed, tierCount } from '@banyan/testing'
import { expect, test } from 'vitest'

function randomHeader(random: Random): Header {
  const hash = () => asHash(random.bytes(32))
  return {
    version: 1,
    chainId: random.bigint(1n << 64n),
    height: random.u32(),
    view: random.u32(),
    parentId: hash(),
    parentView: random.u32(),
    proposer: asAddress(random.bytes(20)),
    timestamp: random.bigint(1n << 64n),
    payloadRoot: hash(),
    transactionCount: random.below(1000),
    receiptsRoot: hash(),
    stateRoot: hash(),
    sideChainRoot: hash(),
    historyRoot: hash(),
    nextCommitteeHash: hash(),
    consensusData: random.bytes(random.below(40)),
    justification: random.bytes(random.below(200)),
  }
}

function randomBlock(random: Random): Block {
  const batches = Array.from({ length: random.below(5) }, () =>
    random.below(2) === 0
      ? transferBatch(random.bytes(192 * (1 + random.below(4))))
      : generalBatch(Array.from({ length: 1 + random.below(3) }, () => random.bytes(1 + random.below(60)))),
  )
  return { header: randomHeader(random), batches }
}

function failureOf(bytes: Uint8Array): string | undefined {
  try {
    const again = encodeBlock(decodeBlock(bytes))
    // What is accepted is the one encoding of its content.
    expect(again).toEqual(bytes)
    return undefined
  } catch (error) {
    expect(error).toBeInstanceOf(BanyanError)
    return (error as BanyanError).kind
  }
}

test('LED-6: blocks decode to what was encoded, in one piece or in parts', () => {
  const random = createRandom(testSeed('block codec'))
  for (let round = 0; round < tierCount({ push: 300, full: 20_000, fuzz: 5000 }); round++) {
    const block = randomBlock(random)
    const bytes = encodeBlock(block)
    expect(bytes.length % 8).toBe(0)
    expect(Buffer.concat(blockParts(block)).equals(bytes)).toBe(true)
    const decoded = decodeBlock(bytes)
    expect(decoded.header).toEqual(block.header)
    expect(decoded.batches.map(({ kind, count, bytes }) => ({ kind, count, bytes: [...bytes] }))).toEqual(
      block.batches.map(({ kind, count, bytes }) => ({ kind, count, bytes: [...bytes] })),
    )
  }
})

test('LED-6: batches of an aligned block are read in place, of another block as copies', () => {
  const random = createRandom(testSeed('block alignment'))
  const records = random.bytes(192 * 3)
  const general = generalBatch([random.bytes(7)])
  const bytes = encodeBlock({
    header: randomHeader(random),
    batches: [general, transferBatch(records), general],
  })
  for (const shift of [0, 1, 4, 7, 8]) {
    const memory = new Uint8Array(bytes.length + 16)
    memory.set(bytes, shift)
    const batch = decodeBlock(memory.subarray(shift, shift + bytes.length)).batches[1]!
    expect(batch.bytes.buffer === memory.buffer).toBe(shift % 8 === 0)
    const words = transferWords(batch)
    expect(new Uint8Array(words.slice().buffer)).toEqual(records)
  }
})

test('LED-6/QLT-6: lengths and padding that are wrong are refused with typed errors', () => {
  const random = createRandom(testSeed('block lengths'))
  const block = { header: randomHeader(random), batches: [generalBatch([random.bytes(5)])] }
  const good = encodeBlock(block)
  const changed = (at: number, value: number): Uint8Array => {
    const bytes = good.slice()
    new DataView(bytes.buffer).setUint32(at, value, true)
    return bytes
  }
  expect(failureOf(good)).toBeUndefined()
  expect(failureOf(new Uint8Array(0))).toBe('BlockMalformed')
  expect(failureOf(new Uint8Array(8))).toBe('BlockMalformed')
  expect(failureOf(changed(0, 1025))).toBe('BlockTooLarge')
  expect(failureOf(changed(0, 1024))).toBe('BlockMalformed')
  expect(failureOf(changed(4, 0xffffffff))).toBe('BlockMalformed')
  expect(failureOf(changed(8, 0xfffffffd))).toBe('BlockMalformed')
  // 17 bytes of batch, so seven of padding; the lengths take 12 and have four.
  expect(good.length % 8).toBe(0)
  for (const at of [12, 15, good.length - 7, good.length - 1]) {
    const bytes = good.slice()
    bytes[at] = 1
    expect(failureOf(bytes)).toBe('BlockMalformed')
  }
  expect(failureOf(Buffer.concat([good, new Uint8Array(8)]))).toBe('BlockMalformed')
  expect(failureOf(new Uint8Array(maxBlockBytes + 8))).toBe('BlockTooLarge')
  const batches = Array.from({ length: 1025 }, () => block.batches[0]!)
  expect(() => blockParts({ ...block, batches })).toThrow(/at most 1024 batches/)
})

test('LED-6/QLT-6: mutated blocks are refused with typed errors, or are another block in its one encoding', () => {
  const random = createRandom(testSeed('block mutations'))
  for (let round = 0; round < tierCount({ push: 1500, full: 500_000, fuzz: 100_000 }); round++) {
    const bytes = encodeBlock(randomBlock(random))
    for (let changes = 1 + random.below(3); changes > 0; changes--) {
      const at = random.below(3) === 0 ? random.below(Math.min(32, bytes.length)) : random.below(bytes.length)
      bytes[at] = random.below(256)
    }
    failureOf(random.below(4) === 0 ? bytes.subarray(0, random.below(bytes.length)) : bytes)
  }
})
