import { asAddress, asAssetId, asHash } from '@banyan/base'
import {
  accountAbi,
  assetAddress,
  contractAddress,
  factoryAbi,
  genesisCollection,
  tokenAbi,
} from '@banyan/contracts'
import { native as provider } from '@banyan/crypto/native'
import {
  assetFlags,
  buildBlock,
  type Chain,
  type ChainOptions,
  createChain,
  type DescribedBatch,
  declaredKeyKinds,
  describeBatch,
  type ExecutedBlock,
  finalize,
  generalBatch,
  readReceipt,
} from '@banyan/ledger'
import { createPool, type Pool } from '@banyan/ledger/threads'
import { createRandom, testSeed, tierCount } from '@banyan/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { randomEnvelopes, someProposer } from './random-calls.js'
import { call, callData, genesis, nativeEnvelope, people, stranger, viewOf } from './world.js'

type Options = Pick<ChainOptions, 'runGroups' | 'memory'>

/** Throws every result of groups away, so that each call is executed alone and in block order. */
const serial: NonNullable<ChainOptions['runGroups']> = () => (_environment, _view, groups) =>
  groups.map(() => ({ results: [], needsSerial: true }))

const newChain = (options: Options): Chain =>
  createChain({
    genesis,
    provider,
    collection: genesisCollection,
    // Tables grow while the tests run.
    capacity: { accounts: 32, balances: 32, utxos: 32, storage: 32 },
    ...options,
  })

function build(chain: Chain, batch: DescribedBatch): ExecutedBlock {
  const timestamp = chain.head.header.timestamp + 1n
  const block = buildBlock(chain, { batches: [batch], proposer: someProposer, timestamp, view: 0 })
  finalize(chain, chain.head.header.height)
  return block
}

const outcome = ({ id, receipts, logs, stateRoot }: ExecutedBlock) => ({ id, receipts, logs, stateRoot })

const workerCounts = [1, 2, 3]
let pools: Pool[] = []
let chains: { readonly name: string; readonly chain: Chain }[] = []

beforeAll(() => {
  pools = workerCounts.map((workers) =>
    createPool({
      workers,
      provider: 'native',
      collectionModule: new URL('../../dist/index.js', import.meta.url),
      collectionName: 'genesisCollection',
    }),
  )
})
afterAll(() => Promise.all(pools.map((pool) => pool.close())))

/** New chains from the same genesis; the first one executes serially. */
function startChains(): Chain {
  const reference = newChain({ runGroups: serial })
  chains = [
    { name: 'groups on one thread', chain: newChain({}) },
    { name: 'groups on one thread, private memory', chain: newChain({ memory: 'private' }) },
    ...pools.map((pool, i) => ({
      name: `${workerCounts[i]} workers`,
      chain: newChain({ runGroups: pool.runGroups }),
    })),
    {
      name: 'workers, private memory',
      chain: newChain({ runGroups: pools[0]!.runGroups, memory: 'private' }),
    },
  ]
  return reference
}

/** Builds the block on every chain and compares it with that of serial execution. */
function buildEverywhere(reference: Chain, envelopes: readonly Uint8Array[]): ExecutedBlock {
  const batch = describeBatch(provider, reference.domains, generalBatch(envelopes))
  const block = build(reference, batch)
  for (const { name, chain } of chains) expect(outcome(build(chain, batch)), name).toEqual(outcome(block))
  return block
}

const statuses = (block: ExecutedBlock) =>
  Array.from({ length: block.receipts.length / 128 }, (_, i) => readReceipt(block.receipts, i).status)

describe('execution on any number of threads', () => {
  test('LED-12: random blocks give the receipts, logs and roots of serial execution', () => {
    const random = createRandom(testSeed('threads/random-blocks'))
    let reference = startChains()
    const blocks = tierCount({ push: 25, full: 1000, fuzz: 100 })
    const seen = new Map<string, number>()
    for (let round = 0; round < blocks; round++) {
      if (round % 50 === 49) reference = startChains()
      const count = 1 + random.below(200)
      for (const status of statuses(buildEverywhere(reference, randomEnvelopes(reference, random, count)))) {
        seen.set(status, (seen.get(status) ?? 0) + 1)
      }
    }
    for (const status of ['success', 'failed', 'skipped'])
      expect(seen.get(status), status).toBeGreaterThan(20)
  })
  /** Enough unrelated calls that the workers get some. */
  const filler = (chain: Chain) =>
    people
      .slice(4, 16)
      .map((person, i) =>
        nativeEnvelope(chain, person, BigInt(1000 + i), [
          call(
            assetAddress(asAssetId(1)),
            callData(tokenAbi, 'transfer', { to: stranger(200 + i), value: 1n }),
          ),
        ]),
      )

  test('LED-12: a number of an account that came into being in the same block', () => {
    const chain = startChains()
    const fresh = stranger(1)
    const pay = nativeEnvelope(chain, people[0]!, 1n, [call(fresh, new Uint8Array(0), 5n)])
    const delegate = (i: number, to = fresh) =>
      nativeEnvelope(chain, people[i]!, 2n, [
        call(contractAddress('banyan/account'), callData(accountAbi, 'setDelegate', { delegate: to })),
      ])
    const own = stranger(2)
    const both = nativeEnvelope(chain, people[3]!, 3n, [
      call(own, new Uint8Array(0), 1n),
      call(contractAddress('banyan/account'), callData(accountAbi, 'setDelegate', { delegate: own })),
    ])
    const block = buildEverywhere(chain, [delegate(1), pay, delegate(2), both, ...filler(chain)])
    expect(statuses(block).slice(0, 3)).toEqual(['failed', 'success', 'success'])
    expect(viewOf(chain).account(people[2]!.address)!.delegate).toBe(viewOf(chain).accountNumber(fresh))
  })

  test('LED-12: assets are created and counted side by side under keys that do not say so', () => {
    const chain = startChains()
    const creation = {
      name: 'New',
      symbol: 'N',
      decimals: 0,
      initialSupply: 7n,
      cap: 9n,
      flags: assetFlags.mintable,
      metadataHash: new Uint8Array(32),
    }
    const falseKey = {
      kind: declaredKeyKinds.account,
      write: false,
      owner: asAddress(new Uint8Array(20).fill(9)),
      key: asHash(new Uint8Array(32)),
    }
    const create = (i: number) =>
      nativeEnvelope(
        chain,
        people[i]!,
        1n,
        [call(contractAddress('banyan/factory'), callData(factoryAbi, 'create', creation))],
        { accessKeys: [falseKey] },
      )
    const spend = (i: number, asset: number) =>
      nativeEnvelope(
        chain,
        people[i]!,
        2n,
        [
          call(
            assetAddress(asAssetId(asset)),
            callData(tokenAbi, 'transfer', { to: people[9]!.address, value: 2n }),
          ),
        ],
        { accessKeys: [falseKey] },
      )
    // Assets 1 and 2 are from genesis: 3 belongs to person 0, and 4 to person 1.
    const envelopes = [create(0), create(1), spend(1, 4), spend(0, 4), spend(0, 3), ...filler(chain)]
    const block = buildEverywhere(chain, envelopes)
    expect(statuses(block).slice(0, 5)).toEqual(['success', 'success', 'success', 'failed', 'success'])
    expect(viewOf(chain).assetCount()).toBe(5)
  })
})
