import { uintToLe } from '@banyan/base'
import {
  byteListRoot,
  chunksOf,
  containerRoot,
  type Header,
  headerRoot,
  historyRoot,
  idsRoot,
  integerChunk,
  itemResultChunk,
  listRoot,
  receiptBytes,
  receiptsRoot,
  seededRandom,
  sha256,
  skippedReceipt,
  tableRoot,
} from '@banyan/model'
import {
  ByteListType,
  ByteVectorType,
  ContainerType,
  ListCompositeType,
  UintBigintType,
  UintNumberType,
} from '@chainsafe/ssz'
import { describe, expect, test } from 'vitest'

const root = new ByteVectorType(32)
const bytes20 = new ByteVectorType(20)
const uint64 = new UintBigintType(8)
const uint128 = new UintBigintType(16)
const uint32 = new UintNumberType(4)
const random = seededRandom(1)
const roots = (count: number) => Array.from({ length: count }, () => random.bytes(32))

describe('LED-7: roots equal those of an SSZ library', () => {
  test.each([0, 1, 2, 3, 7, 8, 33, 200])('a list of %d roots', (count) => {
    const values = roots(count)
    for (const depth of [10, 16, 22, 32]) {
      const expected = new ListCompositeType(root, 2 ** depth).hashTreeRoot(values)
      expect(listRoot(values, depth)).toEqual(expected)
    }
  })

  test.each([0, 1, 31, 32, 33, 1_000])('a list of %d bytes', (length) => {
    const bytes = random.bytes(length)
    expect(byteListRoot(bytes, 5)).toEqual(new ByteListType(1_024).hashTreeRoot(bytes))
    expect(byteListRoot(bytes, 15)).toEqual(new ByteListType(2 ** 20).hashTreeRoot(bytes))
  })

  test('a header', () => {
    const type = new ContainerType({
      version: uint32,
      chainId: uint64,
      height: uint64,
      view: uint64,
      parentId: root,
      parentView: uint64,
      proposer: bytes20,
      timestamp: uint64,
      payloadRoot: root,
      transactionCount: uint32,
      receiptsRoot: root,
      stateRoot: root,
      sideChainRoot: root,
      historyRoot: root,
      nextCommitteeHash: root,
      consensusData: new ByteListType(1_024),
      justification: new ByteListType(2 ** 20),
    })
    const [parentId, payloadRoot, receipts, state, sideChainRoot, history, nextCommitteeHash] = roots(7)
    const header: Header = {
      version: 1,
      chainId: random.uint(64),
      height: random.uint(64),
      view: random.uint(64),
      parentId: parentId!,
      parentView: random.uint(64),
      proposer: random.bytes(20),
      timestamp: random.uint(64),
      payloadRoot: payloadRoot!,
      transactionCount: 77,
      receiptsRoot: receipts!,
      stateRoot: state!,
      sideChainRoot: sideChainRoot!,
      historyRoot: history!,
      nextCommitteeHash: nextCommitteeHash!,
      consensusData: random.bytes(90),
      justification: random.bytes(3_000),
    }
    expect(headerRoot(header)).toEqual(type.hashTreeRoot(header))
  })

  test('a table of accounts', () => {
    // The 32-byte chunks of a row as one vector of bytes have the same root as a container of them.
    const rows = Array.from({ length: 9 }, () => random.bytes(64))
    const type = new ListCompositeType(new ByteVectorType(64), 2 ** 32)
    expect(tableRoot(rows)).toEqual(type.hashTreeRoot(rows))
  })

  test('LED-16: receipts, with the results of package items', () => {
    const receipt = {
      id: random.bytes(32),
      payerBalance: random.uint(128),
      payeeBalance: random.uint(128),
      status: 'failed',
      error: 'ItemFailed',
      gasUsed: random.uint(32),
      baseFee: random.uint(96),
      tip: random.uint(96),
      items: [
        { applied: true, payerBalance: 5n, payeeBalance: 2n ** 127n },
        { applied: false, error: 'FundsInsufficient' },
      ],
    } as const
    const pair = new ContainerType({ a: uint128, b: uint128 })
    const bytes = receiptBytes(receipt)
    expect(bytes).toHaveLength(128)
    expect([...bytes.subarray(64, 68)]).toEqual([0, 0, 1225 % 256, 1225 >> 8])
    const skipped = receiptBytes(skippedReceipt(receipt.id, 'MarkUnknown'))
    expect([...skipped.subarray(32)].filter((byte) => byte > 0)).toEqual([2, 1206 % 256, 1206 >> 8])
    const items = receipt.items.map(itemResultChunk)
    expect(items[0]).toEqual(pair.serialize({ a: 5n, b: 2n ** 127n }))
    expect(items[1]).toEqual(pair.serialize({ a: 2n ** 128n - 1n, b: 1213n }))
    expect(bytes.subarray(96)).toEqual(new ListCompositeType(root, 2 ** 16).hashTreeRoot(items))
    const type = new ListCompositeType(new ByteVectorType(128), 2 ** 22)
    expect(receiptsRoot([receipt, receipt, receipt])).toEqual(type.hashTreeRoot([bytes, bytes, bytes]))
  })
})

test('LED-4: the ids root does not depend on the order of the block', () => {
  const ids = roots(5)
  expect(idsRoot(ids)).toEqual(idsRoot([...ids].reverse()))
  expect(idsRoot([integerChunk(1n), uintToLe(2n, 32)])).toEqual(
    listRoot([integerChunk(1n), integerChunk(2n)], 22),
  )
})

test('LED-6: the history root bags the peaks from the smallest to the largest', () => {
  const [a, b, c, d, e, f, g] = roots(7) as [Uint8Array, ...Uint8Array[]] & Uint8Array[]
  const four = sha256(sha256(a!, b!), sha256(c!, d!))
  const bag = sha256(four, sha256(sha256(e!, f!), g!))
  expect(historyRoot([a!, b!, c!, d!, e!, f!, g!])).toEqual(sha256(bag, integerChunk(7n)))
  expect(historyRoot([])).toEqual(new Uint8Array(32))
  expect(historyRoot([a!])).toEqual(sha256(a!, integerChunk(1n)))
})

test('LED-7: a container of chunks has the depth that its number of fields needs', () => {
  const bytes = random.bytes(256)
  expect(containerRoot(chunksOf(bytes))).toEqual(new ByteVectorType(256).hashTreeRoot(bytes))
})
