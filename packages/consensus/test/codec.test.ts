import { BanyanError, concatBytes, fromHex, toHex } from '@banyan/base'
import {
  type BlockRef,
  type Certificate,
  type ConsensusMessage,
  decodeCertificate,
  decodeEvidence,
  decodeJustification,
  decodeMessage,
  decodeVote,
  type Evidence,
  encodeCertificate,
  encodeEvidence,
  encodeJustification,
  encodeMessage,
  encodeVote,
  type Justification,
  maxCertificateBytes,
  maxJustificationBytes,
  maxSkippedViews,
  type SignedVote,
  type Vote,
} from '@banyan/consensus'
import { tierCount } from '@banyan/testing'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hashOf, mockCertificate, notarize, nullify } from './harness.js'

const number = fc.nat(Number.MAX_SAFE_INTEGER)
const view = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER })
const hash = fc.uint8Array({ minLength: 32, maxLength: 32 }) as unknown as fc.Arbitrary<BlockRef['id']>
const signer = fc.nat(1023)
const vote: fc.Arbitrary<Vote> = fc.oneof(
  fc.record({ kind: fc.constantFrom('notarize' as const, 'finalize' as const), view, blockId: hash }),
  fc.record({ kind: fc.constant('nullify' as const), view }),
)
const signed: fc.Arbitrary<SignedVote> = fc.record({
  vote,
  signer,
  signature: fc.uint8Array({ minLength: 1, maxLength: 96 }),
})
const certificate: fc.Arbitrary<Certificate> = fc.record({
  rule: fc.constantFrom('byzantine' as const, 'crash' as const),
  vote,
  signers: fc.uniqueArray(signer, { minLength: 1, maxLength: 40 }).map((all) => all.sort((a, b) => a - b)),
  signature: fc.uint8Array({ minLength: 1, maxLength: 200 }),
})
const justification: fc.Arbitrary<Justification> = fc.record({
  parent: fc.option(certificate, { nil: undefined }),
  skipped: fc.array(certificate, { maxLength: 4 }),
})
const block: fc.Arbitrary<BlockRef> = fc.record({
  id: hash,
  view: number,
  height: number,
  parentId: hash,
  parentView: number,
  proposer: signer,
  justification,
})
const message: fc.Arbitrary<ConsensusMessage> = fc.oneof(
  fc.record({ kind: fc.constant('proposal' as const), block, vote: signed }),
  fc.record({ kind: fc.constant('vote' as const), vote: signed }),
  fc.record({ kind: fc.constant('certificate' as const), certificate }),
  fc.record({ kind: fc.constant('ask' as const), fromView: number }),
)
const evidence: fc.Arbitrary<Evidence> = fc.oneof(
  fc
    .record({ kind: fc.constant('votes' as const), first: signed, second: signed })
    .filter(({ first, second }) => toHex(encodeVote(first)) < toHex(encodeVote(second))),
  fc.record({ kind: fc.constant('justification' as const), vote: signed, block }),
)

type Codec<Value> = readonly [
  string,
  fc.Arbitrary<Value>,
  (value: Value) => Uint8Array,
  (bytes: Uint8Array) => Value,
]
const codec = <Value>(...parts: Codec<Value>) => parts as unknown as Codec<unknown>

const codecs = [
  codec('vote', signed, encodeVote, decodeVote),
  codec('certificate', certificate, encodeCertificate, decodeCertificate),
  codec('justification', justification, encodeJustification, decodeJustification),
  codec('message', message, encodeMessage, decodeMessage),
  codec('evidence', evidence, encodeEvidence, decodeEvidence),
]

describe.each(codecs)('%s bytes', (_, arbitrary, encode, decode) => {
  test('CON-1: what is encoded is decoded', () => {
    fc.assert(
      fc.property(arbitrary, (value) => {
        expect(decode(encode(value))).toEqual(value)
      }),
      { numRuns: tierCount({ push: 300, full: 10_000, fuzz: 3000 }) },
    )
  })

  test('CON-1: damaged bytes are refused or the one form of something else, and nothing else is thrown', () => {
    const damage = fc.record({
      cut: fc.oneof(fc.constant(1), fc.double({ min: 0, max: 1, noNaN: true })),
      flips: fc.array(fc.record({ place: fc.nat(), bit: fc.nat(7) }), { maxLength: 3 }),
      tail: fc.oneof(fc.constant(new Uint8Array(0)), fc.uint8Array({ maxLength: 8 })),
    })
    fc.assert(
      fc.property(arbitrary, damage, (value, { cut, flips, tail }) => {
        const bytes = encode(value)
        const damaged = bytes.slice(0, Math.ceil(bytes.length * cut))
        for (const { place, bit } of flips) {
          if (damaged.length > 0) damaged[place % damaged.length]! ^= 1 << bit
        }
        const input = concatBytes(damaged, tail)
        try {
          expect(encode(decode(input))).toEqual(input)
        } catch (error) {
          if (!(error instanceof BanyanError)) throw error
          expect(error.kind).toBe('ConsensusBytesMalformed')
        }
      }),
      { numRuns: tierCount({ push: 1000, full: 100_000, fuzz: 20_000 }) },
    )
  })

  test('CON-1: random bytes are refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        try {
          expect(encode(decode(bytes))).toEqual(bytes)
        } catch (error) {
          if (!(error instanceof BanyanError)) throw error
        }
      }),
      { numRuns: tierCount({ push: 500, full: 50_000, fuzz: 10_000 }) },
    )
  })
})

const refused = expect.objectContaining({ kind: 'ConsensusBytesMalformed' })
const hex = (text: string): Uint8Array => fromHex(text.replaceAll(' ', ''))!
const id = '11'.repeat(32)

describe('CON-1: known bytes', () => {
  const small: Certificate = {
    rule: 'crash',
    vote: { kind: 'nullify', view: 258 },
    signers: [0, 9],
    signature: Uint8Array.of(0xaa, 0xbb),
  }

  test('CON-1: a vote', () => {
    const bytes = hex(`01 0201000000000000 ${id} 0300 02 aabb`)
    const value = decodeVote(bytes)
    expect(value).toEqual({
      vote: { kind: 'notarize', view: 258, blockId: hex(id) },
      signer: 3,
      signature: Uint8Array.of(0xaa, 0xbb),
    })
    expect(toHex(encodeVote(value))).toBe(toHex(bytes))
  })

  test('CON-9: a certificate names its quorum rule', () => {
    const bytes = hex('01 02 0201000000000000 02 0102 0200 aabb')
    expect(decodeCertificate(bytes)).toEqual(small)
    expect(toHex(encodeCertificate(small))).toBe(toHex(bytes))
    expect(decodeCertificate(concatBytes(Uint8Array.of(0), bytes.subarray(1))).rule).toBe('byzantine')
    expect(() => decodeCertificate(concatBytes(Uint8Array.of(2), bytes.subarray(1)))).toThrow(refused)
  })

  test('CON-1: a justification, a question and an empty one', () => {
    expect(toHex(encodeJustification({ parent: undefined, skipped: [] }))).toBe('0x000000')
    expect(toHex(encodeJustification({ parent: small, skipped: [] }))).toBe(
      `0x01${toHex(encodeCertificate(small)).slice(2)}0000`,
    )
    expect(toHex(encodeMessage({ kind: 'ask', fromView: 5 }))).toBe('0x040500000000000000')
  })

  test.each([
    ['view zero', `02 0000000000000000 0300 02 aabb`],
    ['a view of 2^53', `02 0000000000002000 0300 02 aabb`],
    ['an unknown kind', `04 0100000000000000 0300 02 aabb`],
    ['member 1024', `02 0100000000000000 0004 02 aabb`],
    ['an empty signature', `02 0100000000000000 0300 00`],
    ['a long signature', `02 0100000000000000 0300 61 ${'00'.repeat(97)}`],
    ['bytes left over', `02 0100000000000000 0300 02 aabbcc`],
    ['missing bytes', `02 0100000000000000 0300 02 aa`],
  ])('CON-1: a vote with %s is refused', (_, text) => {
    expect(() => decodeVote(hex(text))).toThrow(refused)
  })

  test.each([
    ['an empty bitmap', '00 02 0100000000000000 00 0200 aabb'],
    ['a bitmap that ends with zeros', '00 02 0100000000000000 02 0100 0200 aabb'],
    ['a bitmap too long', `00 02 0100000000000000 81 ${'01'.repeat(129)} 0200 aabb`],
    ['no signature', '00 02 0100000000000000 01 01 0000'],
    ['a signature too long', `00 02 0100000000000000 01 01 4108 ${'00'.repeat(2113)}`],
  ])('CON-1: a certificate with %s is refused', (_, text) => {
    expect(() => decodeCertificate(hex(text))).toThrow(refused)
  })

  test('CON-1: justifications are bounded, and the largest honest one fits', () => {
    const largest: Certificate = {
      rule: 'byzantine',
      vote: nullify(Number.MAX_SAFE_INTEGER),
      signers: Array.from({ length: 33 }, (_, i) => i),
      signature: new Uint8Array(64 * 33).fill(1),
    }
    const skipped = Array.from({ length: maxSkippedViews }, () => largest)
    const bytes = encodeJustification({ parent: { ...largest, vote: notarize(1, hashOf('a')) }, skipped })
    expect(bytes.length).toBeLessThanOrEqual(maxJustificationBytes)
    expect(decodeJustification(bytes).skipped).toHaveLength(maxSkippedViews)
    const more = encodeJustification({ parent: undefined, skipped: [...skipped, largest] })
    expect(() => decodeJustification(more)).toThrow(refused)
    expect(() => decodeCertificate(new Uint8Array(maxCertificateBytes + 1))).toThrow(refused)
    expect(() => decodeEvidence(new Uint8Array(2 ** 21))).toThrow(refused)
  })

  test('CON-1: two votes as evidence have one order', () => {
    const [a, b] = [mockCertificate(nullify(1)), mockCertificate(nullify(2))].map(
      ({ vote: v, signature }): SignedVote => ({ vote: v, signer: 1, signature }),
    ) as [SignedVote, SignedVote]
    const bytes = encodeEvidence({ kind: 'votes', first: b, second: a })
    expect(bytes).toEqual(encodeEvidence({ kind: 'votes', first: a, second: b }))
    const swapped = concatBytes(Uint8Array.of(1), encodeVote(b), encodeVote(a))
    expect(() => decodeEvidence(swapped)).toThrow(refused)
    expect(() => decodeEvidence(concatBytes(Uint8Array.of(1), encodeVote(a), encodeVote(a)))).toThrow(refused)
  })
})
