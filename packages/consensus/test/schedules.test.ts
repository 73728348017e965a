import { createHash } from 'node:crypto'
import { maxTerm, roundRobin, shuffled, shuffledRound, stableLeader } from '@banyan/consensus'
import { portable } from '@banyan/crypto'
import { native } from '@banyan/crypto/native'
import { expect, test } from 'vitest'
import { hashOf } from './harness.js'

const views = (count: number) => Array.from({ length: count }, (_, i) => i + 1)

test('CON-2: round robin gives one view to each member, from the first one on', () => {
  expect(views(7).map(roundRobin(3))).toEqual([0, 1, 2, 0, 1, 2, 0])
})

test('CON-2: a stable leader has a term of views', () => {
  expect(views(8).map(stableLeader(3, 3))).toEqual([0, 0, 0, 1, 1, 1, 2, 2])
  expect(views(5).map(stableLeader(4, 1))).toEqual(views(5).map(roundRobin(4)))
})

test('CON-2: schedules are refused outside their bounds', () => {
  const refused = expect.objectContaining({ kind: 'OptionInvalid' })
  expect(() => roundRobin(0)).toThrow(refused)
  expect(() => roundRobin(1025)).toThrow(refused)
  expect(() => stableLeader(3, maxTerm + 1)).toThrow(refused)
  expect(() => stableLeader(3, 0)).toThrow(refused)
  expect(() => shuffledRound(portable, 1.5, hashOf('seed'), 0)).toThrow(refused)
})

/** The algorithm as docs/consensus.md states it, written a second time without thought of speed. */
function naiveOrder(members: number, seed: Uint8Array, round: number): number[] {
  const u64 = (value: number) => {
    const bytes = Buffer.alloc(8)
    bytes.writeBigUInt64LE(BigInt(value))
    return bytes
  }
  const words: number[] = []
  for (let block = 0; block < 2 * members + 2; block++) {
    const digest = createHash('sha256').update(seed).update(u64(round)).update(u64(block)).digest()
    for (let i = 0; i < 8; i++) words.push(digest.readUInt32LE(4 * i))
  }
  const order = Array.from({ length: members }, (_, i) => i)
  for (let i = members - 1; i > 0; i--) {
    const limit = 2 ** 32 - (2 ** 32 % (i + 1))
    let word = words.shift()!
    while (word >= limit) word = words.shift()!
    const j = word % (i + 1)
    ;[order[i], order[j]] = [order[j]!, order[i]!]
  }
  return order
}

test('CON-2: the shuffle is Fisher-Yates over SHA-256 of the seed', () => {
  for (const members of [1, 2, 3, 4, 21, 101, 1024]) {
    for (const round of [0, 1, 77, 2 ** 40]) {
      const order = [...shuffledRound(native, members, hashOf('seed'), round)]
      expect(order).toEqual(naiveOrder(members, hashOf('seed'), round))
      expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: members }, (_, i) => i))
    }
  }
})

test('CON-2: test vectors of the shuffle', () => {
  const seed = Uint8Array.from({ length: 32 }, (_, i) => i) as never
  expect([...shuffledRound(portable, 7, seed, 0)]).toMatchInlineSnapshot(`
    [
      5,
      1,
      4,
      6,
      0,
      3,
      2,
    ]
  `)
  expect([...shuffledRound(portable, 7, seed, 1)]).toMatchInlineSnapshot(`
    [
      1,
      3,
      6,
      2,
      0,
      5,
      4,
    ]
  `)
})

test('CON-2: each member leads once per round, in any order of questions', () => {
  const schedule = shuffled(portable, 5, hashOf('seed'))
  const rounds = [views(5), views(5).map((view) => view + 5)].map((round) => round.map(schedule))
  for (const round of rounds) expect(new Set(round).size).toBe(5)
  expect(rounds[0]).not.toEqual(rounds[1])
  expect(views(5).map(schedule)).toEqual(rounds[0])
  expect(schedule(1)).toBe(shuffledRound(portable, 5, hashOf('seed'), 0)[0])
})
