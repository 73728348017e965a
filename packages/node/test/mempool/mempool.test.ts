import { BanyanError, type ErrorName, toHex } from '@banyan/base'
import { createRandom, testSeed, tierCount } from '@banyan/testing'
import { expect, test } from 'vitest'
import { createWorld, payers, payment, richBalance, settle, takeTexts, transfer, wallets } from './world.js'

const [anna, ben, cleo] = wallets as [(typeof wallets)[0], (typeof wallets)[0], (typeof wallets)[0]]
const [dora, emil] = payers as [(typeof payers)[0], (typeof payers)[0]]

/** Name of the registry error that `act` throws. */
function refusal(act: () => unknown): ErrorName | undefined {
  try {
    act()
  } catch (error) {
    if (error instanceof BanyanError) return error.kind
    throw error
  }
  return undefined
}

test('LED-17: every sender has its turn, however much another has submitted', () => {
  const world = createWorld()
  const { chain } = world
  const many = [0n, 1n, 2n, 3n].map((nonce) => transfer(chain, dora, { nonce }))
  const one = transfer(chain, emil, { nonce: 9n })
  for (const envelope of [...many, one]) world.submit(envelope)
  expect(takeTexts(world, 3)).toEqual([many[0], one, many[1]].map((envelope) => toHex(envelope!)))
  expect(takeTexts(world, 9)).toEqual([many[2], many[3]].map((envelope) => toHex(envelope!)))
  expect(world.mempool.waiting).toBe(0)
  expect(world.mempool.count).toBe(5)
})

test('LED-17: who had no turn comes first the next time', () => {
  const world = createWorld()
  const of = (person: (typeof payers)[0], nonce: bigint) => transfer(world.chain, person, { nonce })
  const first = payers.slice(0, 3).map((person) => of(person, 0n))
  for (const envelope of [...first, of(payers[0]!, 1n)]) world.submit(envelope)
  expect(takeTexts(world, 2)).toEqual(first.slice(0, 2).map((envelope) => toHex(envelope)))
  expect(takeTexts(world, 1)).toEqual([toHex(first[2]!)])
})

test('LED-17: where not all senders have room, higher tips leave first', () => {
  const world = createWorld()
  const low = payment(anna, { nonce: 0n, tip: 1n })
  const high = payment(ben, { nonce: 0n, tip: 3n })
  const middle = payment(cleo, { nonce: 0n, tip: 2n })
  for (const envelope of [low, high, middle]) world.submit(envelope)
  expect(takeTexts(world, 2)).toEqual([toHex(high), toHex(middle)])
})

test('LED-17: nonces queue up, leave in order, and wait for a gap to close', () => {
  const world = createWorld()
  const payments = [0n, 1n, 2n, 3n].map((nonce) => payment(anna, { nonce }))
  for (const i of [3, 1, 0]) world.submit(payments[i]!)
  expect(world.mempool.pendingNonce(anna.address)).toBe(2n)
  expect(takeTexts(world, 9)).toEqual([payments[0], payments[1]].map((envelope) => toHex(envelope!)))
  world.submit(payments[2]!)
  expect(world.mempool.pendingNonce(anna.address)).toBe(4n)
  expect(takeTexts(world, 9)).toEqual([payments[2], payments[3]].map((envelope) => toHex(envelope!)))
})

test('LED-17: a nonce too far ahead is refused', () => {
  const world = createWorld()
  expect(refusal(() => world.submit(payment(anna, { nonce: 64n })))).toBeUndefined()
  expect(refusal(() => world.submit(payment(anna, { nonce: 65n })))).toBe('NonceTooHigh')
})

test('LED-17: a transaction is replaced by one that pays a tenth more, until it has left', () => {
  const world = createWorld()
  const terms = { nonce: 0n, tip: 100n, maxFee: 10_000n }
  world.submit(payment(anna, terms))
  expect(refusal(() => world.submit(payment(anna, terms)))).toBe('TransactionKnown')
  const nearly = { ...terms, tip: 110n, maxFee: 10_999n }
  expect(refusal(() => world.submit(payment(anna, nearly)))).toBe('ReplacementUnderpriced')
  const onlyFee = { ...terms, tip: 109n, maxFee: 11_000n }
  expect(refusal(() => world.submit(payment(anna, onlyFee)))).toBe('ReplacementUnderpriced')
  const better = payment(anna, { ...terms, tip: 110n, maxFee: 11_000n })
  world.submit(better)
  expect(world.mempool.count).toBe(1)
  expect(world.mempool.takeDropped().map(({ reason }) => reason)).toEqual(['replaced'])
  expect(takeTexts(world, 9)).toEqual([toHex(better)])
  const late = { ...terms, tip: 1_000n, maxFee: 90_000n }
  expect(refusal(() => world.submit(payment(anna, late)))).toBe('ReplacementTooLate')
})

test('LED-17: what waits may not cost more than its payer has', () => {
  const world = createWorld()
  const half = richBalance / 2n
  world.submit(payment(anna, { nonce: 0n, value: half }))
  const more = payment(anna, { nonce: 1n, value: half })
  expect(refusal(() => world.submit(more))).toBe('FundsInsufficient')
  const replacement = payment(anna, { nonce: 0n, value: half + 1n, tip: 1n, maxFee: 20_000n })
  expect(refusal(() => world.submit(replacement))).toBeUndefined()
  const less = payment(anna, { nonce: 1n, value: half - 10n ** 12n })
  expect(refusal(() => world.submit(less))).toBeUndefined()
})

test('LED-17: reserved funds are free again when the transaction is settled', () => {
  const world = createWorld()
  const all = (nonce: bigint) => transfer(world.chain, dora, { nonce, amount: richBalance - 10n ** 16n })
  const id = world.submit(all(1n))
  expect(refusal(() => world.submit(all(2n)))).toBe('FundsInsufficient')
  world.mempool.take({ transactions: 9, bytes: 9_999 })
  expect(refusal(() => world.submit(all(2n)))).toBe('FundsInsufficient')
  settle(world.mempool, id, 'included')
  expect(refusal(() => world.submit(all(2n)))).toBeUndefined()
})

test('LED-17: a transaction that a block had to leave out is tried again, but not for ever', () => {
  const world = createWorld()
  const id = world.submit(payment(anna, { nonce: 0n }))
  for (let attempt = 0; attempt <= 16; attempt++) {
    expect(takeTexts(world, 1)).toHaveLength(1)
    settle(world.mempool, id, 'retry')
  }
  expect(world.mempool.count).toBe(0)
  expect(world.mempool.bytes).toBe(0)
  expect(world.mempool.takeDropped()).toMatchObject([
    { key: toHex(id), reason: 'skipped', sender: anna.address },
  ])
})

test('LED-17: a transaction of batches that no block ordered is not given up for it', () => {
  const world = createWorld()
  const id = world.submit(payment(anna, { nonce: 0n }))
  for (let attempt = 0; attempt < 40; attempt++) {
    expect(takeTexts(world, 1)).toHaveLength(1)
    settle(world.mempool, id, 'unordered')
  }
  expect(world.mempool.waiting).toBe(1)
})

test('LED-17: expired transactions are dropped, those without expiry after the longest wait', () => {
  const world = createWorld({ waitBlocks: 50 })
  world.submit(transfer(world.chain, dora, { nonce: 0n, validUntil: 9n }))
  world.submit(payment(anna, { nonce: 0n }))
  world.mempool.expire(8)
  expect(world.mempool.count).toBe(2)
  world.mempool.expire(9)
  expect(world.mempool.count).toBe(1)
  world.mempool.expire(50)
  expect(world.mempool.count).toBe(0)
  expect(world.mempool.takeDropped().map(({ reason }) => reason)).toEqual(['expired', 'expired'])
})

test('LED-17: a sender may have so many transactions waiting', () => {
  const world = createWorld({ maxPerSender: 2 })
  for (const nonce of [0n, 1n]) world.submit(transfer(world.chain, dora, { nonce }))
  expect(refusal(() => world.submit(transfer(world.chain, dora, { nonce: 2n })))).toBe('SenderQueueFull')
  world.submit(transfer(world.chain, emil, { nonce: 2n }))
})

/** Bytes that one payment counts with. */
function paymentSize(): number {
  const world = createWorld()
  world.submit(payment(anna, { nonce: 0n }))
  return world.mempool.bytes
}

test('LED-17: a full mempool gives way to higher tips, and of a sender the last nonce goes first', () => {
  const world = createWorld({ maxBytes: 2 * paymentSize() + 10 })
  world.submit(payment(anna, { nonce: 0n, tip: 5n }))
  world.submit(payment(anna, { nonce: 1n, tip: 5n }))
  expect(refusal(() => world.submit(payment(ben, { nonce: 0n, tip: 4n })))).toBe('MempoolFull')
  world.submit(payment(ben, { nonce: 0n, tip: 6n }))
  expect(world.mempool.pendingNonce(anna.address)).toBe(1n)
  expect(world.mempool.takeDropped().map(({ reason }) => reason)).toEqual(['evicted'])
})

test('LED-17: with equal tips a full mempool takes room from whoever uses most of it', () => {
  const world = createWorld({ maxBytes: 3 * paymentSize() + 10 })
  for (const nonce of [0n, 1n, 2n]) world.submit(payment(anna, { nonce }))
  world.submit(payment(ben, { nonce: 0n }))
  expect(world.mempool.pendingNonce(anna.address)).toBe(2n)
  expect(refusal(() => world.submit(payment(ben, { nonce: 1n })))).toBe('MempoolFull')
  expect(refusal(() => world.submit(payment(anna, { nonce: 2n })))).toBe('MempoolFull')
})

test('LED-17: whatever happens, the mempool keeps its bounds and loses nothing silently', () => {
  const seed = testSeed('mempool bounds')
  for (let run = 0; run < tierCount({ push: 30, full: 1_000, fuzz: 20_000 }); run++) {
    const random = createRandom(seed + run)
    const maxBytes = 4_000 + random.below(20_000)
    const world = createWorld({ maxBytes, maxPerSender: 6 })
    const { mempool, chain } = world
    const live = new Set<string>()
    const ids: Uint8Array[] = []
    const forget = (key: string) => expect(live.delete(key), `${key}, seed ${seed + run}`).toBe(true)
    for (let i = 0; i < 60; i++) {
      const tip = random.below(3)
      const nonce = BigInt(random.below(8))
      switch (random.below(6)) {
        case 0:
          mempool.take({ transactions: 1 + random.below(4), bytes: 2_000 })
          break
        case 1: {
          const id = ids[random.below(ids.length + 1)]
          if (id === undefined) break
          const outcome = random.below(2) === 0 ? 'included' : 'retry'
          settle(mempool, id, outcome)
          if (outcome === 'included') live.delete(toHex(id))
          break
        }
        case 2:
          mempool.expire(random.below(45))
          break
        default: {
          const envelope =
            random.below(2) === 0
              ? payment(wallets[random.below(4)]!, { nonce, tip: BigInt(tip), maxFee: 20_000n })
              : transfer(chain, payers[random.below(4)]!, {
                  nonce,
                  tip,
                  validUntil: BigInt(20 + random.below(40)),
                })
          try {
            const id = world.submit(envelope)
            ids.push(id)
            live.add(toHex(id))
          } catch (error) {
            if (!(error instanceof BanyanError)) throw error
          }
        }
      }
      for (const { key } of mempool.takeDropped()) forget(key)
      expect(mempool.bytes).toBeLessThanOrEqual(maxBytes)
      expect(mempool.count).toBe(live.size)
      expect(mempool.waiting).toBeLessThanOrEqual(mempool.count)
    }
  }
})

test('LED-17: what comes back from batches leaves in its old order', () => {
  const world = createWorld()
  const many = [0n, 1n, 2n, 3n].map((nonce) => transfer(world.chain, dora, { nonce }))
  const ids = many.map((envelope) => world.submit(envelope))
  expect(takeTexts(world, 3)).toHaveLength(3)
  for (const i of [2, 0]) settle(world.mempool, ids[i]!, 'unordered')
  expect(takeTexts(world, 9)).toEqual([0, 2, 3].map((i) => toHex(many[i]!)))
})

test('LED-17: a nonce that a block gave up leaves a gap behind', () => {
  const world = createWorld()
  const payments = [0n, 1n, 2n].map((nonce) => payment(anna, { nonce }))
  const ids = payments.map((envelope) => world.submit(envelope))
  expect(world.mempool.pendingNonce(anna.address)).toBe(3n)
  expect(takeTexts(world, 9)).toHaveLength(3)
  settle(world.mempool, ids[1]!, 'skipped')
  expect(world.mempool.pendingNonce(anna.address)).toBe(1n)
  settle(world.mempool, ids[2]!, 'unordered')
  expect(takeTexts(world, 9)).toEqual([])
  settle(world.mempool, ids[0]!, 'unordered')
  expect(takeTexts(world, 9)).toEqual([toHex(payments[0]!)])
  world.submit(payment(anna, { nonce: 1n, value: 2n }))
  expect(world.mempool.pendingNonce(anna.address)).toBe(3n)
  expect(takeTexts(world, 9)).toHaveLength(2)
})
