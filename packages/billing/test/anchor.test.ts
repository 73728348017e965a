import { equalBytes, fromHex, toHex } from '@banyan/base'
import {
  anchorOf,
  buildTree,
  createLatticeSum,
  expandRow as expandRowPortable,
  isIncluded,
  type LatticeSum,
  type Leaf,
  proveLeaf,
  sealCharge,
  xorInto,
} from '@banyan/billing'
import { expandRow } from '@banyan/billing/node'
import { portable } from '@banyan/crypto'
import { native } from '@banyan/crypto/native'
import { createRandom, type Random, testSeed, tierCount } from '@banyan/testing'
import { expect, test } from 'vitest'
import { account, newCharge } from './support/charges.js'

const { keccak256 } = native
const me = fromHex(account('me'))!

function randomLeaves(random: Random, count: number): Leaf[] {
  const ids = Array.from({ length: count }, () => random.bytes(16)).sort((a, b) =>
    toHex(a) < toHex(b) ? -1 : 1,
  )
  return ids.map((id) => ({ id, rowHash: random.bytes(32), amount: random.bigint(2n ** 60n) }))
}

function rootOf(leaves: readonly Leaf[]) {
  const tree = buildTree(keccak256, me)
  for (const leaf of leaves) tree.add(leaf)
  return tree.root()
}

/** RFC 6962, 2.1, by its recursive definition, with sums. */
function plainRoot(leaves: readonly Leaf[]): { hash: Uint8Array; total: bigint } {
  const [leaf] = leaves
  const amount = (value: bigint) =>
    Uint8Array.from({ length: 16 }, (_, i) => Number((value >> BigInt(8 * i)) & 255n))
  if (leaves.length === 1) {
    const parts = [[0], leaf!.id, leaf!.rowHash, me, amount(leaf!.amount)].flatMap((part) => [...part])
    return { hash: portable.keccak256(Uint8Array.from(parts)), total: leaf!.amount }
  }
  let k = 1
  while (k * 2 < leaves.length) k *= 2
  const [left, right] = [plainRoot(leaves.slice(0, k)), plainRoot(leaves.slice(k))]
  const parts = [[1], left.hash, amount(left.total), right.hash, amount(right.total)].flatMap((part) => [
    ...part,
  ])
  return { hash: portable.keccak256(Uint8Array.from(parts)), total: left.total + right.total }
}

test('BIL-3: roots are those of the definition, for every count to 40', () => {
  const random = createRandom(testSeed('sum trees'))
  for (let count = 1; count <= 40; count++) {
    const leaves = randomLeaves(random, count)
    expect(rootOf(leaves)).toEqual(plainRoot(leaves))
  }
})

test('BIL-3: each leaf has a proof, which fits no other leaf, place, count, sum or account', () => {
  const random = createRandom(testSeed('sum proofs'))
  for (let i = 0; i < tierCount({ push: 40, full: 1_000, fuzz: 200 }); i++) {
    const leaves = randomLeaves(random, 1 + random.below(40))
    const root = rootOf(leaves)
    const index = random.below(leaves.length)
    const leaf = leaves[index]!
    const proof = proveLeaf(keccak256, me, leaves, index)
    const holds = (change: Partial<Leaf>, other: Partial<typeof proof> = {}, whose = me) =>
      isIncluded(keccak256, whose, { ...leaf, ...change }, { ...proof, ...other }, root)
    expect(holds({})).toBe(true)
    expect(holds({ amount: leaf.amount + 1n })).toBe(false)
    expect(holds({ rowHash: random.bytes(32) })).toBe(false)
    expect(holds({ id: random.bytes(16) })).toBe(false)
    expect(holds({}, {}, fromHex(account('you'))!)).toBe(false)
    expect(isIncluded(keccak256, me, leaf, proof, { ...root, total: root.total + 1n })).toBe(false)
    expect(holds({}, { index: leaves.length })).toBe(false)
    expect(holds({}, { index: -1 })).toBe(false)
    expect(holds({}, { count: 2 ** 40 })).toBe(false)
    expect(holds({}, { beside: [...proof.beside, root] })).toBe(false)
    if (proof.beside.length > 0) {
      const [first, ...rest] = proof.beside
      expect(holds({}, { beside: [{ ...first!, total: first!.total + 1n }, ...rest] })).toBe(false)
      expect(
        holds({ amount: leaf.amount + 1n }, { beside: [{ ...first!, total: first!.total - 1n }, ...rest] }),
      ).toBe(false)
      expect(holds({}, { beside: [{ ...first!, total: first!.total + 2n ** 128n }, ...rest] })).toBe(false)
    }
  }
})

test('BIL-3: a row that stands twice, or out of order, is refused', () => {
  const random = createRandom(testSeed('rising'))
  const [a, b] = randomLeaves(random, 2)
  expect(() => rootOf([a!, a!])).toThrow('rise strictly')
  expect(() => rootOf([b!, a!])).toThrow('rise strictly')
})

test('BIL-3: an anchor is bound to region, account, direction, period, count, total, root and what was carried', () => {
  const random = createRandom(testSeed('anchors'))
  const parts = {
    region: 'north',
    account: me,
    direction: 'in',
    period: '2026-11-21',
    count: 3,
    total: 17n,
    root: native.keccak256(me),
    carried: 5n,
    carriedAnchor: native.sha256(me),
  } as const
  const anchors = [
    parts,
    { ...parts, region: 'nort', period: 'h2026-11-21' },
    { ...parts, account: random.bytes(20) },
    { ...parts, direction: 'out' as const },
    { ...parts, period: '2026-11-22' },
    { ...parts, count: 4 },
    { ...parts, total: 18n },
    { ...parts, root: parts.carriedAnchor },
    { ...parts, carried: 6n },
    { ...parts, carriedAnchor: parts.root },
  ].map((each) => toHex(anchorOf(keccak256, each)))
  expect(new Set(anchors).size).toBe(anchors.length)
})

/** Exclusive or of a set of row hashes. */
function xorOf(hashes: readonly Uint8Array[]): Uint8Array {
  const sum = new Uint8Array(32)
  for (const hash of hashes) xorInto(sum, hash)
  return sum
}

/** A non-empty set of differences that cancel each other, by elimination over bits: which of them. */
function cancelling(differences: readonly Uint8Array[]): ReadonlySet<number> {
  const asBits = (bytes: Uint8Array): bigint => BigInt(toHex(bytes))
  const basis = new Map<number, { bits: bigint; members: bigint }>()
  for (const [i, difference] of differences.entries()) {
    let bits = asBits(difference)
    let members = 1n << BigInt(i)
    while (bits > 0n) {
      const top = bits.toString(2).length
      const other = basis.get(top)
      if (other === undefined) {
        basis.set(top, { bits, members })
        break
      }
      bits ^= other.bits
      members ^= other.members
    }
    if (bits === 0n) return new Set([...differences.keys()].filter((at) => (members >> BigInt(at)) & 1n))
  }
  return new Set()
}

test('BIL-3: rows with fees a hundred times as high have the same XOR value, and another anchor', () => {
  const random = createRandom(testSeed('xor forgery'))
  const honest = Array.from({ length: 300 }, () => newCharge(random, { price: 1_000n, subsidy: 0n }))
  const dear = honest.map((charge) => {
    const { id, at, salt } = charge
    return { ...newCharge(random, { price: 100_000n, subsidy: 0n }), id, at, salt }
  })
  const good = honest.map((charge) => sealCharge(charge, keccak256))
  const bad = dear.map((charge) => sealCharge(charge, keccak256))
  const forged = cancelling(good.map(({ rowHash }, i) => xorOf([rowHash, bad[i]!.rowHash])))
  expect(forged.size).toBeGreaterThan(50)
  const mixed = good.map((row, i) => (forged.has(i) ? bad[i]! : row))
  expect(equalBytes(xorOf(good.map((row) => row.rowHash)), xorOf(mixed.map((row) => row.rowHash)))).toBe(true)

  const rootFor = (rows: typeof good, prices: readonly bigint[]) => {
    const leaves = rows.map(({ rowHash }, i) => ({
      id: fromHex(honest[i]!.id)!,
      rowHash,
      amount: prices[i]!,
    }))
    return rootOf(leaves.sort((a, b) => (toHex(a.id) < toHex(b.id) ? -1 : 1)))
  }
  const honestPrices = good.map(() => 1_000n)
  const forgedPrices = good.map((_, i) => (forged.has(i) ? 100_000n : 1_000n))
  expect(rootFor(mixed, forgedPrices).hash).not.toEqual(rootFor(good, honestPrices).hash)
  expect(rootFor(mixed, honestPrices).hash).not.toEqual(rootFor(good, honestPrices).hash)
  const sums = [good, mixed].map((rows) => {
    const sum = createLatticeSum(expandRow)
    for (const { rowHash } of rows) sum.add(rowHash, 1n)
    return sum.value().lanes
  })
  expect(sums[0]).not.toEqual(sums[1])
})

test('BIL-3: a pair of equal rows leaves the XOR value as it was, and not the running total', () => {
  const random = createRandom(testSeed('pairs'))
  const hashes = Array.from({ length: 5 }, () => random.bytes(32))
  const invented = random.bytes(32)
  expect(xorOf([...hashes, invented, invented])).toEqual(xorOf(hashes))
  const sum = createLatticeSum(expandRow)
  for (const hash of hashes) sum.add(hash, 2n)
  const before = sum.value()
  sum.add(invented, 2n)
  sum.add(invented, 2n)
  expect(sum.value()).not.toEqual(before)
})

test('BIL-3: the running total is the same in any order, in parts, and in both back ends', () => {
  const random = createRandom(testSeed('lattice'))
  const hashes = Array.from({ length: 20 }, () => random.bytes(32))
  const sumOf = (some: readonly Uint8Array[], expand = expandRow, from?: ReturnType<LatticeSum['value']>) => {
    const sum = createLatticeSum(expand, from)
    for (const hash of some) sum.add(hash, 3n)
    return sum
  }
  const all = sumOf(hashes)
  expect(sumOf([...hashes].reverse()).value()).toEqual(all.value())
  expect(sumOf(hashes.slice(8), expandRow, sumOf(hashes.slice(0, 8)).value()).value()).toEqual(all.value())
  expect(sumOf(hashes, expandRowPortable).value()).toEqual(all.value())
  expect(all.value()).toMatchObject({ count: 20, total: 60n })
})
