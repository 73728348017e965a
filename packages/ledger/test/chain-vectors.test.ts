import { readFileSync } from 'node:fs'
import { fromHex, toHex } from '@banyan/base'
import {
  type Chain,
  decodeBatch,
  decodeHeader,
  describeBatch,
  encodeHeader,
  findInvalidSignature,
  type Log,
  logsRoot,
  verifyBlock,
} from '@banyan/ledger'
import {
  batchDigest,
  createModel,
  decodeBatch as decodeModelBatch,
  headerRoot,
  type Model,
  receiptBytes,
  transactionId,
} from '@banyan/model'
import {
  ByteListType,
  ByteVectorType,
  ContainerType,
  ListCompositeType,
  UintBigintType,
  UintNumberType,
} from '@chainsafe/ssz'
import { expect, test } from 'vitest'
import { blockVector, type ChainVectors, vectorBlocks } from './chain-vectors.js'
import * as S from './small-chain.js'

const read = (name: string) =>
  JSON.parse(readFileSync(new URL(`vectors/${name}.json`, import.meta.url), 'utf8'))
const vectors: ChainVectors = read('chain')
const bytesOf = (hex: string) => fromHex(hex)!

/** A header as docs/formats.md declares it, apart from the ledger's own declaration. */
const bytes32 = new ByteVectorType(32)
const uint64 = new UintBigintType(8)
const headerType = new ContainerType({
  version: new UintNumberType(4),
  chainId: uint64,
  height: uint64,
  view: uint64,
  parentId: bytes32,
  parentView: uint64,
  proposer: new ByteVectorType(20),
  timestamp: uint64,
  payloadRoot: bytes32,
  transactionCount: new UintNumberType(4),
  receiptsRoot: bytes32,
  stateRoot: bytes32,
  sideChainRoot: bytes32,
  historyRoot: bytes32,
  nextCommitteeHash: bytes32,
  consensusData: new ByteListType(1024),
  justification: new ByteListType(2 ** 20),
})

test('QLT-6: the ledger makes the published blocks', () => {
  const chain = S.newChain()
  expect({
    id: toHex(chain.genesisId),
    header: toHex(encodeHeader(chain.head.header)),
    stateRoot: toHex(chain.stateRoot),
  }).toEqual(vectors.genesis)
  for (const [i, make] of vectorBlocks.entries()) {
    const envelopes = make(chain)
    const batches = S.batchesOf(chain, envelopes)
    expect(blockVector(S.addBlock(chain, envelopes, batches), batches)).toEqual(vectors.blocks[i])
  }
})

test('QLT-6: the ledger accepts the published blocks from their bytes', () => {
  const chain: Chain = S.newChain()
  for (const vector of vectors.blocks) {
    const batches = vector.batches.map((hex) =>
      describeBatch(S.provider, chain.domains, decodeBatch(bytesOf(hex))),
    )
    expect(batches.map((batch) => findInvalidSignature(S.provider, batch))).toEqual(batches.map(() => -1))
    const block = verifyBlock(chain, decodeHeader(bytesOf(vector.header)), batches)
    expect(blockVector(block, batches)).toEqual(vector)
  }
})

/** The genesis of the small chain in the words of the reference model. */
function modelChain(): Model {
  const { chainId, timestamp, fees, accounts, assets } = S.genesis
  const triple = (values: (typeof fees)['start'] | (typeof fees)['limit']) =>
    [BigInt(values.compute), BigInt(values.bytes), BigInt(values.state)] as const
  const owners = [...accounts]
  const numberOf = (address: Uint8Array) =>
    owners.findIndex((owner) => toHex(owner.address) === toHex(address)) + 1
  const balances = assets.flatMap(({ holders }, i) =>
    [...holders].map(({ owner, amount }) => ({ address: owner, asset: i + 1, amount })),
  )
  const figSupply = owners.reduce((sum, { balance }) => sum + balance, 0n)
  const zero = new Uint8Array(32)
  return createModel({
    chainId,
    timestamp,
    maxRows: S.genesis.maxRows,
    prices: { start: triple(fees.start), floor: triple(fees.floor), limits: triple(fees.limit) },
    accounts: owners.map(({ address, balance, delegate }) => ({
      address,
      balance,
      ...(delegate === undefined ? {} : { delegate: numberOf(delegate) }),
    })),
    assets: [
      {
        issuer: new Uint8Array(20),
        flags: 0,
        decimals: 18,
        supply: figSupply,
        cap: 2n ** 128n - 1n,
        metadataHash: zero,
        name: 'FIG',
        symbol: 'FIG',
      },
      ...assets.map(({ holders, ...asset }) => ({
        ...asset,
        supply: [...holders].reduce((sum, { amount }) => sum + amount, 0n),
      })),
    ],
    balances,
  })
}

test('QLT-6: the reference model makes the published blocks', () => {
  const model = modelChain()
  expect(toHex(headerRoot(model.genesisHeader))).toBe(vectors.genesis.id)
  expect(toHex(model.stateRoot())).toBe(vectors.genesis.stateRoot)
  for (const [i, vector] of vectors.blocks.entries()) {
    const batches = vector.batches.map((hex) => decodeModelBatch(bytesOf(hex)))
    const digests = batches.map((batch) =>
      toHex(
        batchDigest(
          batch,
          batch.transactions.map((one) => transactionId(one, model.state.domains)),
        ),
      ),
    )
    expect(digests).toEqual(vector.digests)
    const { header, id, receipts } = model.execute({
      batches,
      proposer: bytesOf(vector.proposer),
      timestamp: BigInt(vector.timestamp),
      view: BigInt(vector.view),
      parentView: BigInt(vectors.blocks[i - 1]?.view ?? 0),
      sideChainRoot: new Uint8Array(32),
      nextCommitteeHash: new Uint8Array(32),
      consensusData: new Uint8Array(0),
      justification: new Uint8Array(0),
    })
    expect(receipts.map((receipt) => toHex(receiptBytes(receipt)).slice(2)).join('')).toBe(
      vector.receipts.slice(2),
    )
    expect(toHex(header.receiptsRoot)).toBe(vector.receiptsRoot)
    expect(toHex(model.stateRoot())).toBe(vector.stateRoot)
    expect(toHex(headerType.serialize(header))).toBe(vector.header)
    expect(toHex(id)).toBe(vector.id)
  }
})

test('LED-6: block ids are the hash tree roots that the SSZ library computes', () => {
  for (const { header, id } of [vectors.genesis, ...vectors.blocks]) {
    expect(toHex(headerType.hashTreeRoot(headerType.deserialize(bytesOf(header))))).toBe(id)
  }
})

test('LED-16: roots of logs are the published ones, and those of the SSZ library', () => {
  const logType = new ContainerType({
    address: new ByteVectorType(20),
    topics: new ListCompositeType(new ByteVectorType(32), 4),
    data: new ByteListType(65_536),
  })
  const listType = new ListCompositeType(logType, 1024)
  const lists: readonly {
    readonly logs: readonly Record<'address' | 'data', string>[]
    readonly root: string
  }[] = read('logs')
  for (const { logs, root } of lists) {
    const decoded = logs.map((log) => ({
      address: bytesOf(log.address),
      topics: (log as unknown as { topics: string[] }).topics.map(bytesOf),
      data: bytesOf(log.data),
    }))
    expect(toHex(listType.hashTreeRoot(decoded))).toBe(root)
    expect(toHex(logsRoot(S.provider, decoded as unknown as readonly Log[]))).toBe(root)
  }
})
