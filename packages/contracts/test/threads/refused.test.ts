import { accountAbi, contractAddress, genesisCollection } from '@banyan/contracts'
import { native as provider } from '@banyan/crypto/native'
import {
  buildBlock,
  type Chain,
  type ChainOptions,
  createChain,
  type DescribedBatch,
  describeBatch,
  finalize,
  gas,
  generalBatch,
  readReceipt,
} from '@banyan/ledger'
import { createPool, type Pool } from '@banyan/ledger/threads'
import { createRandom, testSeed } from '@banyan/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { someProposer } from './random-calls.js'
import { call, callData, genesis, nativeEnvelope, people, stranger } from './world.js'

/**
 * Nobody pays for asking a policy that refuses: a block does so for a part of its compute limit only. The native half of
 * the people put their accounts under policies that their own keys do not satisfy.
 */

const limit = { ...genesis.fees.limit, compute: 3_000_000 }
const account = contractAddress('banyan/account')
const guarded = people.filter(({ ethereum }) => !ethereum).slice(0, 9)
const free = people.filter(({ ethereum }) => ethereum).slice(0, 9)

let pool: Pool
beforeAll(() => {
  pool = createPool({
    workers: 2,
    provider: 'native',
    collectionModule: new URL('../../dist/index.js', import.meta.url),
    collectionName: 'genesisCollection',
  })
})
afterAll(() => pool.close())

function build(chain: Chain, batch: DescribedBatch) {
  const timestamp = chain.head.header.timestamp + 1n
  const block = buildBlock(chain, { batches: [batch], proposer: someProposer, timestamp, view: 0 })
  finalize(chain, chain.head.header.height)
  return block
}

let nonce = 0n

function newChain(runGroups?: ChainOptions['runGroups']): Chain {
  return createChain({
    genesis: { ...genesis, fees: { ...genesis.fees, limit } },
    provider,
    collection: genesisCollection,
    ...(runGroups === undefined ? {} : { runGroups }),
  })
}

const describeEnvelopes = (chain: Chain, envelopes: readonly Uint8Array[]) =>
  describeBatch(provider, chain.domains, generalBatch(envelopes))

/** Policies that want two others to sign. */
const guarding = (chain: Chain) => {
  const signers = free.slice(0, 2).map(({ address }) => address)
  const data = callData(accountAbi, 'setPolicy', { threshold: 2, signers })
  return describeEnvelopes(
    chain,
    guarded.map((person) => nativeEnvelope(chain, person, nonce++, [call(account, data)])),
  )
}

/** The error of each transaction, `undefined` if it succeeded. */
function errorsOf({ receipts, header }: ReturnType<typeof build>) {
  return Array.from({ length: header.transactionCount }, (_, i) => readReceipt(receipts, i).error)
}

/** A payment to a payee of its own, so that payments of different people share no key. */
const pay = (chain: Chain, person: (typeof people)[number]) =>
  nativeEnvelope(chain, person, nonce++, [call(stranger(people.indexOf(person)), new Uint8Array(0), 1n)], {
    gasLimit: 100_000n,
  })

test('QLT-6: a block asks policies that refuse for a sixteenth of its compute limit, and others go on', () => {
  const chain = newChain()
  build(chain, guarding(chain))
  const refused = Array.from({ length: 60 }, () => pay(chain, guarded[0]!))
  const errors = errorsOf(build(chain, describeEnvelopes(chain, [...refused, pay(chain, free[0]!)])))
  const asked = errors.filter((error) => error === 'AccountUnauthorized').length
  // The threshold, two signers and the end of their list, a session that is not there, and its intrinsic gas.
  const unpaid = gas.native + gas.signature + 100 * (1 + 3 + 2 + 16)
  expect(asked).toBe(Math.floor(limit.compute / gas.unpaidShare / unpaid) + 1)
  expect(errors).toEqual([
    ...Array.from({ length: asked }, () => 'AccountUnauthorized'),
    ...Array.from({ length: 60 - asked }, () => 'BlockTooLarge'),
    undefined,
  ])
  expect(errorsOf(build(chain, describeEnvelopes(chain, [pay(chain, guarded[0]!)])))).toEqual([
    'AccountUnauthorized',
  ])
})

test('LED-12, QLT-6: groups stop to ask policies where serial execution does', () => {
  const random = createRandom(testSeed('threads/refused'))
  const serial = newChain(
    () => (_environment, _view, groups) => groups.map(() => ({ results: [], needsSerial: true })),
  )
  const chains = [newChain(), newChain(pool.runGroups)]
  const setup = guarding(serial)
  for (const chain of [serial, ...chains]) build(chain, setup)
  for (let share = 0; share < 8; share++) {
    const envelopes = Array.from({ length: 60 }, () =>
      pay(serial, (random.below(8) < share ? guarded : free)[random.below(9)]!),
    )
    const batch = describeEnvelopes(serial, envelopes)
    const expected = build(serial, batch)
    for (const chain of chains) {
      const { receipts, stateRoot } = build(chain, batch)
      expect({ receipts, stateRoot }).toEqual({ receipts: expected.receipts, stateRoot: expected.stateRoot })
    }
    const refusals = new Set(errorsOf(expected))
    if (share === 7) expect(refusals).toEqual(new Set(['AccountUnauthorized', 'BlockTooLarge', undefined]))
    if (share === 0) expect(refusals).toEqual(new Set([undefined]))
  }
})
