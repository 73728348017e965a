import { asHash, concatBytes, type Hash, uintToLe } from '@banyan/base'
import {
  appendToHistory,
  emptyHistory,
  type History,
  historyRoot,
  portable,
  proveHistory,
  verifyHistoryProof,
} from '@banyan/crypto'
import { native } from '@banyan/crypto/native'
import fc from 'fast-check'
import { expect, test } from 'vitest'

const idOf = (i: number): Hash => native.sha256(uintToLe(BigInt(i), 8))
const idsOf = (count: number): Hash[] => Array.from({ length: count }, (_, i) => idOf(i))
const historyOf = (ids: readonly Hash[]): History =>
  ids.reduce((history, id) => appendToHistory(native, history, id), emptyHistory)
const pair = (a: Uint8Array, b: Uint8Array): Hash => native.sha256(concatBytes(a, b))

test('LED-7: the history root of seven ids, written out', () => {
  const [a, b, c, d, e, f, g] = idsOf(7) as [Hash, Hash, Hash, Hash, Hash, Hash, Hash]
  const bag = pair(pair(pair(a, b), pair(c, d)), pair(pair(e, f), g))
  const history = historyOf(idsOf(7))
  expect(history.peaks).toEqual([pair(pair(a, b), pair(c, d)), pair(e, f), g])
  expect(historyRoot(native, history)).toEqual(pair(bag, uintToLe(7n, 32)))
  expect(historyRoot(portable, history)).toEqual(historyRoot(native, history))
  expect(historyRoot(native, emptyHistory)).toEqual(pair(new Uint8Array(32), uintToLe(0n, 32)))
})

test('LED-7: appending leaves the earlier history as it was', () => {
  const before = historyOf(idsOf(6))
  const root = historyRoot(native, before)
  appendToHistory(native, before, idOf(6))
  expect(historyRoot(native, before)).toEqual(root)
})

test('LED-7: every id of every small history is proven', () => {
  for (let count = 1; count <= 40; count++) {
    const ids = idsOf(count)
    const root = historyRoot(native, historyOf(ids))
    for (let index = 0; index < count; index++) {
      const proof = proveHistory(native, concatBytes(...ids), index)
      expect(verifyHistoryProof(native, root, ids[index]!, proof), `${index} of ${count}`).toBe(true)
      expect(verifyHistoryProof(native, root, idOf(count), proof)).toBe(false)
    }
  }
})

test('LED-7: altered history proofs are refused', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 200 }), fc.nat(), fc.nat(), (count, at, noise) => {
      const ids = idsOf(count)
      const root = historyRoot(native, historyOf(ids))
      const index = at % count
      const id = ids[index]!
      const proof = proveHistory(native, concatBytes(...ids), index)
      const check = (altered: Partial<typeof proof>) =>
        verifyHistoryProof(native, root, id, { ...proof, ...altered })
      expect(check({})).toBe(true)
      expect(check({ index: (index + 1 + (noise % count)) % (count + 1) })).toBe(
        (index + 1 + (noise % count)) % (count + 1) === index,
      )
      expect(check({ count: count + 1 })).toBe(false)
      expect(check({ count: count - 1 })).toBe(false)
      expect(check({ nodes: concatBytes(proof.nodes, new Uint8Array(32)) })).toBe(false)
      if (proof.nodes.length > 0) {
        const nodes = new Uint8Array(proof.nodes)
        nodes[noise % nodes.length]! ^= 1
        expect(check({ nodes })).toBe(false)
        expect(check({ nodes: nodes.subarray(32) })).toBe(false)
      }
    }),
    { numRuns: 60 },
  )
})

test('LED-7: numbers out of range are refused', () => {
  const proof = proveHistory(native, concatBytes(...idsOf(3)), 2)
  const root = historyRoot(native, historyOf(idsOf(3)))
  for (const index of [-1, 3, 0.5, Number.NaN, 2 ** 60]) {
    expect(verifyHistoryProof(native, root, idOf(2), { ...proof, index })).toBe(false)
  }
  for (const count of [2 ** 60, 2 ** 50, Number.POSITIVE_INFINITY, 2.5]) {
    expect(verifyHistoryProof(native, root, idOf(2), { ...proof, count })).toBe(false)
  }
  expect(verifyHistoryProof(native, root, asHash(new Uint8Array(31)), proof)).toBe(false)
})
