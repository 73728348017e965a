import { BanyanError, fail, toHex } from '@banyan/base'
import { describeBatch, findInvalidSignature } from '@banyan/ledger'
import { createIntake, type Intake } from '@banyan/node'
import { createRandom, type Random, testSeed, tierCount } from '@banyan/testing'
import { expect, test } from 'vitest'
import { createWorld, payers, payment, transfer, type World, wallets } from './world.js'

type SubmitOutcome = Awaited<ReturnType<Intake['submit']>>[number]

/** The intake on a world, with what it makes durable. */
function openIntake(world: World) {
  const { chain, mempool } = world
  const kept: string[] = []
  const { submit } = createIntake({
    chain: () => chain,
    mempool,
    verify: async (batch) => {
      const described = describeBatch(chain.provider, chain.domains, batch)
      if (findInvalidSignature(chain.provider, described) >= 0) fail('SignatureInvalid')
      return described
    },
    onAdded: () => undefined,
    onRefused: () => undefined,
    keep: async (envelopes) => {
      kept.push(...envelopes.map(toHex))
    },
    onFailure: (error) => {
      throw error
    },
  })
  return { submit, kept }
}

/** Outcomes that compare: ids, and errors with their details. */
function plain(outcomes: readonly SubmitOutcome[]) {
  return outcomes.map(({ id, error }) =>
    id === undefined ? { kind: error.kind, details: error.details } : toHex(id),
  )
}

/** Mostly transfers and payments that can be taken in; some cannot. */
function randomEnvelopes(random: Random, world: World): readonly Uint8Array[] {
  const envelopes: Uint8Array[] = []
  for (let i = 0; i < 24; i++) {
    const nonce = BigInt(random.below(12))
    const amount = random.below(6) === 0 ? 10n ** 18n : BigInt(1 + random.below(9))
    const tip = random.below(3)
    const envelope =
      random.below(3) === 0
        ? payment(wallets[random.below(4)]!, { nonce, value: amount, tip: BigInt(tip), maxFee: 20_000n })
        : transfer(world.chain, payers[random.below(4)]!, {
            nonce,
            amount,
            tip,
            validUntil: random.below(8) === 0 ? 200n : 40n,
          })
    // Too short to be a transfer, or anything else.
    envelopes.push(random.below(20) === 0 ? envelope.subarray(0, 99) : envelope)
    if (random.below(10) === 0) envelopes.push(envelope)
  }
  return envelopes
}

test('LED-17: transactions that come together are judged and kept as if they came one by one', async () => {
  const seed = testSeed('intake together')
  for (let run = 0; run < tierCount({ push: 12, full: 300, fuzz: 4_000 }); run++) {
    const random = createRandom(seed + run)
    const options = random.below(2) === 0 ? {} : { maxBytes: 15_000, maxPerSender: 5 }
    const [together, single] = [createWorld(options), createWorld(options)]
    const first = openIntake(together)
    const second = openIntake(single)
    for (let round = 0; round < 3; round++) {
      const envelopes = randomEnvelopes(random, together)
      const expected: SubmitOutcome[] = []
      for (const envelope of envelopes) expected.push(...(await second.submit([envelope])))
      expect(plain(await first.submit(envelopes)), `seed ${seed + run}`).toEqual(plain(expected))
      expect(first.kept).toEqual(second.kept)
      expect(contentOf(together)).toEqual(contentOf(single))
      expect(new Set(contentOf(together)).size).toBe(together.mempool.count)
      const limits = { transactions: 7, bytes: 10 ** 6 }
      const taken = together.mempool.take(limits)
      expect(taken, `seed ${seed + run}`).toEqual(single.mempool.take(limits))
      // What was included makes room for the next.
      const { ids } = taken.transfers
      for (const { mempool } of [together, single]) {
        for (let at = 0; at < ids.length; at += 8) mempool.settle(ids, at, 'included')
      }
    }
  }
})

/** All that waits or travels, in the order of arrival. */
function contentOf({ mempool }: World): readonly string[] {
  return [...mempool.envelopes()].map(toHex)
}

test('LED-17: what was taken in does not change with the request that brought it', async () => {
  const world = createWorld()
  const { submit } = openIntake(world)
  const people = [...payers, ...wallets]
  const request = new Uint8Array(people.length * 4_000)
  const envelopes = [0n, 1n, 2n].flatMap((nonce) => [
    ...payers.map((person) => transfer(world.chain, person, { nonce })),
    ...wallets.map((person) => payment(person, { nonce })),
  ])
  let at = 0
  const views = envelopes.map((envelope) => {
    request.set(envelope, at)
    at += envelope.length
    return request.subarray(at - envelope.length, at)
  })
  const outcomes = await submit(views)
  expect(outcomes.filter(({ error }) => error instanceof BanyanError)).toEqual([])
  request.fill(0)
  expect(contentOf(world)).toEqual(envelopes.map(toHex))
  for (const [i, { id }] of outcomes.entries()) {
    expect(world.mempool.find(id!)).toEqual({
      envelope: envelopes[i],
      sender: people[i % people.length]!.address,
    })
  }
})
