import { asAddress, asHash, BanyanError, toHex } from '@banyan/base'
import {
  blockId,
  decodeHeader,
  decodeSummary,
  encodeHeader,
  encodeSummary,
  type Header,
  maxHeaderBytes,
  maxSummaryBytes,
  summarize,
  summaryId,
} from '@banyan/ledger/proofs'
import { createRandom, type Random, testSeed, tierCount } from '@banyan/testing'
import { bundleForBrowser } from '@banyan/testing/browser'
import { ByteListType, ByteVectorType, ContainerType, UintBigintType, UintNumberType } from '@chainsafe/ssz'
import { expect, test } from 'vitest'

const bytes32 = new ByteVectorType(32)
const uint64 = new UintNumberType(8)
const fields = {
  version: new UintNumberType(4),
  chainId: new UintBigintType(8),
  height: uint64,
  view: uint64,
  parentId: bytes32,
  parentView: uint64,
  proposer: new ByteVectorType(20),
  timestamp: new UintBigintType(8),
  payloadRoot: bytes32,
  transactionCount: new UintNumberType(4),
  receiptsRoot: bytes32,
  stateRoot: bytes32,
  sideChainRoot: bytes32,
  historyRoot: bytes32,
  nextCommitteeHash: bytes32,
  consensusData: new ByteListType(1024),
}
const headerType = new ContainerType({ ...fields, justification: new ByteListType(2 ** 20) })
const summaryType = new ContainerType({ ...fields, justificationRoot: bytes32 })

function randomHeader(random: Random): Header {
  const hash = () => asHash(random.bytes(32))
  const number = () => Number(random.bigint(2n ** 53n) >> BigInt(random.below(53)))
  return {
    version: random.u32(),
    chainId: random.bigint(2n ** 64n),
    height: number(),
    view: number(),
    parentId: hash(),
    parentView: number(),
    proposer: asAddress(random.bytes(20)),
    timestamp: random.bigint(2n ** 64n),
    payloadRoot: hash(),
    transactionCount: random.u32(),
    receiptsRoot: hash(),
    stateRoot: hash(),
    sideChainRoot: hash(),
    historyRoot: hash(),
    nextCommitteeHash: hash(),
    consensusData: random.bytes(random.below(1025)),
    justification: random.bytes(random.below(700)),
  }
}

test('LED-6, LED-7: bytes and ids of headers and of their summaries are those of an SSZ library', () => {
  const random = createRandom(testSeed('headers'))
  for (let i = 0; i < tierCount({ push: 60, full: 5_000, fuzz: 5_000 }); i++) {
    const header = randomHeader(random)
    const bytes = encodeHeader(header)
    expect(toHex(bytes)).toBe(toHex(headerType.serialize(header)))
    expect(decodeHeader(bytes)).toEqual(header)
    const id = toHex(headerType.hashTreeRoot(header))
    expect(toHex(blockId(header))).toBe(id)
    const summary = summarize(header)
    const summed = encodeSummary(summary)
    expect(toHex(summed)).toBe(toHex(summaryType.serialize(summary)))
    expect(toHex(summaryType.hashTreeRoot(summary))).toBe(id)
    expect(toHex(summaryId(summary))).toBe(id)
    expect(decodeSummary(summed)).toEqual(summary)
  }
})

test('LED-6: the longest header and summary have their bound, and one byte more is refused', () => {
  const random = createRandom(testSeed('longest header'))
  const header = {
    ...randomHeader(random),
    consensusData: random.bytes(1024),
    justification: new Uint8Array(2 ** 20),
  }
  const bytes = encodeHeader(header)
  expect(bytes).toHaveLength(maxHeaderBytes)
  expect(toHex(blockId(header))).toBe(toHex(headerType.hashTreeRoot(header)))
  const summed = encodeSummary(summarize(header))
  expect(summed).toHaveLength(maxSummaryBytes)
  expect(() => decodeSummary(Uint8Array.of(...summed, 0))).toThrow(/too long/)
  const long = { ...header, consensusData: new Uint8Array(0), justification: new Uint8Array(2 ** 20 + 1) }
  expect(() => decodeHeader(encodeHeader(long))).toThrow(/too long/)
  const data = { ...header, consensusData: new Uint8Array(1025), justification: new Uint8Array(0) }
  expect(() => decodeHeader(encodeHeader(data))).toThrow(/beyond its bound/)
})

test('LED-6, QLT-6: lists start where the fixed part ends, and nowhere else', () => {
  const random = createRandom(testSeed('starts of lists'))
  const header = { ...randomHeader(random), consensusData: random.bytes(40) }
  const starts = [
    [encodeHeader(header), 292, decodeHeader],
    [encodeHeader(header), 296, decodeHeader],
    [encodeSummary(summarize(header)), 292, decodeSummary],
  ] as const
  for (const [bytes, at, decode] of starts) {
    const view = new DataView(bytes.buffer, bytes.byteOffset)
    const start = view.getUint32(at, true)
    expect(() => decode(bytes)).not.toThrow()
    const others = at === 296 ? [0, 299, 2_000] : [0, start - 1, start + 1, start + 256]
    for (const other of others) {
      view.setUint32(at, other, true)
      expect(() => decode(bytes), `${other} instead of ${start}`).toThrow(/the header is malformed/)
    }
  }
})

test('LED-6, QLT-6: changed bytes are another header in its one form, or are refused', () => {
  const random = createRandom(testSeed('changed headers'))
  for (let i = 0; i < tierCount({ push: 600, full: 50_000, fuzz: 50_000 }); i++) {
    const bytes =
      i % 2 === 0 ? encodeHeader(randomHeader(random)) : encodeSummary(summarize(randomHeader(random)))
    const changed = bytes.slice(0, random.below(4) === 0 ? random.below(bytes.length) : bytes.length)
    const start = random.below(2) === 0 ? Math.min(280, changed.length) : 0
    if (changed.length > start)
      changed[start + random.below(Math.min(40, changed.length - start))]! ^= 1 + random.below(255)
    try {
      const again = i % 2 === 0 ? encodeHeader(decodeHeader(changed)) : encodeSummary(decodeSummary(changed))
      expect(toHex(again)).toBe(toHex(changed))
    } catch (error) {
      expect(error instanceof BanyanError && error.kind).toBe('BlockMalformed')
    }
  }
})

test('LED-19: what checks proofs is bundled for a browser without the SSZ library or anything of Node', async () => {
  const { modules } = await bundleForBrowser(new URL('../dist/proofs.js', import.meta.url))
  const origins = modules.map(
    (path) =>
      /\/(?:node_modules\/(@?[\w-]+(?:\/\w+)?)|packages\/(\w+)\/dist)\//.exec(path)?.slice(1).join('') ??
      path,
  )
  expect([...new Set(origins)].sort()).toEqual(['@noble/curves', '@noble/hashes', 'base', 'crypto', 'ledger'])
})
