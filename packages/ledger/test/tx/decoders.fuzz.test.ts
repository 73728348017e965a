import { BanyanError, equalBytes } from '@banyan/base'
import {
  decodeEnvelope,
  encodeEnvelope,
  maxGeneralLength,
  maxPackageLength,
  type Transaction,
} from '@banyan/ledger'
import { createRandom, type Random, runSeed, testSeed, tierCount } from '@banyan/testing'
import { describe, expect, test } from 'vitest'
import { makeNative, nativeBody, samples } from './samples.js'

/**
 * Mutated and random bytes against the decoders. Whatever the bytes, decoding ends in a transaction whose encoding is
 * these same bytes, or in a registry error.
 */

/** Valid envelopes; the small ones are hit where it matters more often. */
const corpus: readonly Uint8Array[] = [
  ...samples.map(([, tx]) => encodeEnvelope(tx)),
  encodeEnvelope(makeNative({ ...nativeBody, calls: [] }, [])),
]

/** Bytes at which decoders branch: types, RLP marks, small offsets, sign bits. */
const interesting = [
  0, 1, 2, 3, 4, 8, 12, 0x7a, 0x7b, 0x7c, 0x7f, 0x80, 0x81, 0xa0, 0xb7, 0xb8, 0xc0, 0xf7, 0xf8, 0xff,
]

type Mutation = (bytes: Uint8Array, random: Random) => Uint8Array

function splice(bytes: Uint8Array, at: number, removed: number, inserted: Uint8Array): Uint8Array {
  const out = new Uint8Array(bytes.length - removed + inserted.length)
  out.set(bytes.subarray(0, at))
  out.set(inserted, at)
  out.set(bytes.subarray(at + removed), at + inserted.length)
  return out
}

const mutations: readonly Mutation[] = [
  (bytes, random) => {
    bytes[random.below(bytes.length)] = random.below(256)
    return bytes
  },
  (bytes, random) => {
    bytes[random.below(bytes.length)] = interesting[random.below(interesting.length)]!
    return bytes
  },
  (bytes, random) => {
    bytes[random.below(bytes.length)]! ^= 1 << random.below(8)
    return bytes
  },
  // Structure sits at the front: type, lengths, offsets.
  (bytes, random) => {
    bytes[random.below(Math.min(16, bytes.length))]! += random.below(2) === 0 ? 1 : 255
    return bytes
  },
  (bytes, random) => bytes.slice(0, random.below(bytes.length) + 1),
  (bytes, random) => splice(bytes, random.below(bytes.length), 0, random.bytes(1 + random.below(40))),
  (bytes, random) => {
    const at = random.below(bytes.length)
    return splice(bytes, at, random.below(Math.min(33, bytes.length - at)), new Uint8Array(0))
  },
  (bytes, random) => {
    const other = corpus[random.below(corpus.length)]!
    const at = random.below(Math.min(bytes.length, other.length))
    return splice(bytes, at, bytes.length - at, other.subarray(at))
  },
]

function mutate(random: Random): Uint8Array {
  let bytes: Uint8Array = corpus[random.below(corpus.length)]!.slice()
  const rounds = 1 + random.below(3)
  for (let i = 0; i < rounds && bytes.length > 0; i++) {
    bytes = mutations[random.below(mutations.length)]!(bytes, random)
  }
  return bytes
}

const firstBytes = [0, 1, 2, 0x7a, 0x7b, 0x7c, 0xc0, 0xf8, 0xf9]

function randomBytes(random: Random): Uint8Array {
  const bytes = random.bytes(random.below(260))
  if (bytes.length > 0 && random.below(8) > 0) bytes[0] = firstBytes[random.below(firstBytes.length)]!
  return bytes
}

function decodeOrRefuse(bytes: Uint8Array): Transaction | undefined {
  try {
    return decodeEnvelope(bytes)
  } catch (error) {
    if (error instanceof BanyanError && /^Transaction|^Creation|^Signature/.test(error.kind)) return undefined
    throw error
  }
}

/** Decodes and, if accepted, encodes again. Returns whether the bytes were accepted. */
function execute(bytes: Uint8Array): boolean {
  try {
    const tx = decodeOrRefuse(bytes)
    if (tx === undefined) return false
    if (equalBytes(encodeEnvelope(tx), bytes)) return true
  } catch (error) {
    throw new Error(defect(bytes), { cause: error })
  }
  throw new Error(defect(bytes))
}

const defect = (bytes: Uint8Array): string =>
  `decoder defect, BANYAN_SEED=${runSeed()}, bytes ${Buffer.from(bytes).toString('hex')}`

function run(name: string, count: number, make: (random: Random) => Uint8Array): number {
  const random = createRandom(testSeed(name))
  let accepted = 0
  // Traces of the many expected errors would take most of the time.
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = 0
  try {
    for (let i = 0; i < count; i++) if (execute(make(random))) accepted++
  } finally {
    Error.stackTraceLimit = limit
  }
  return accepted
}

describe('decoder fuzzing', () => {
  test('QLT-6: mutated envelopes decode to their one canonical form or fail with a registry error', () => {
    const count = tierCount({ push: 1_600_000, full: 400_000_000, fuzz: 2_000_000 })
    const accepted = run('mutated envelopes', count, mutate)
    // Some mutations hit only values, so both outcomes are exercised.
    expect(accepted).toBeGreaterThan(count / 20)
    expect(accepted).toBeLessThan(count * 0.95)
  })

  test('QLT-6: random bytes decode to their one canonical form or fail with a registry error', () => {
    const count = tierCount({ push: 400_000, full: 100_000_000, fuzz: 500_000 })
    expect(run('random bytes', count, randomBytes)).toBeLessThan(count / 10)
  })

  test('QLT-6: the largest inputs of every type are refused or decoded in bounded work', () => {
    const count = tierCount({ push: 200, full: 20_000, fuzz: 1_000 })
    const random = createRandom(testSeed('large inputs'))
    for (let i = 0; i < count; i++) {
      const size = (i % 2 === 0 ? maxGeneralLength : maxPackageLength) + random.below(3) - 1
      const bytes = new Uint8Array(size).fill(interesting[random.below(interesting.length)]!)
      bytes[0] = firstBytes[i % firstBytes.length]!
      for (let j = 0; j < 6; j++) bytes[1 + random.below(24)] = random.below(256)
      execute(bytes)
    }
  })
})
