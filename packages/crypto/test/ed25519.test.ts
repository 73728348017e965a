import { concatBytes, fromHex, leToUint, toHex, uintToLe, utf8 } from '@banyan/base'
import { type CryptoProvider, portable } from '@banyan/crypto'
import { native } from '@banyan/crypto/native'
import { ed25519 as curve } from '@noble/curves/ed25519.js'
import { sha512 } from '@noble/hashes/sha2.js'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { rfc8032, smallOrderEncodings, speccheck } from './vectors/ed25519.js'

const { Point } = curve
type Point = InstanceType<typeof Point>
const order = Point.Fn.ORDER
const hex = (text: string): Uint8Array => fromHex(text)!
const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
const shared = (source: Uint8Array): Uint8Array => {
  const view = new Uint8Array(new SharedArrayBuffer(source.length))
  view.set(source)
  return view
}

/** Signature with secret scalar `a` and nonce `r` in which small-order points are added to A and R. */
function signWith(a: bigint, r: bigint, addToA: Point, addToR: Point, message: Uint8Array) {
  const publicKey = Point.BASE.multiply(a).add(addToA).toBytes()
  const rBytes = Point.BASE.multiply(r).add(addToR).toBytes()
  const k = leToUint(sha512(concatBytes(rBytes, publicKey, message))) % order
  return { publicKey, signature: concatBytes(rBytes, uintToLe((r + k * a) % order, 32)), k }
}

const torsion = smallOrderEncodings.slice(0, 8).map((text) => Point.fromBytes(hex(text)))

describe.each([native, portable])('$name ed25519', (provider: CryptoProvider) => {
  const { ed25519 } = provider

  test.each(rfc8032)('LED-2: RFC 8032 %s', (_, seed, publicKey, message, signature) => {
    expect(toHex(ed25519.publicKey(hex(seed)))).toBe(`0x${publicKey}`)
    expect(toHex(ed25519.sign(hex(message), hex(seed)))).toBe(`0x${signature}`)
    expect(ed25519.verify(hex(signature), hex(message), hex(publicKey))).toBe(true)
    expect(ed25519.verify(hex(signature), utf8('other'), hex(publicKey))).toBe(false)
  })

  test.each(speccheck)('LED-2: edge case: %s', (_, message, publicKey, signature, verdict) => {
    expect(ed25519.verify(hex(signature), hex(message), hex(publicKey))).toBe(verdict)
  })

  test('LED-2: the 196 pairs of small-order keys and nonces with S = 0 are refused', () => {
    for (const a of smallOrderEncodings) {
      for (const r of smallOrderEncodings) {
        const signature = concatBytes(hex(r), new Uint8Array(32))
        expect(ed25519.verify(signature, utf8('Zcash'), hex(a)), `${a} ${r}`).toBe(false)
      }
    }
  })

  test('LED-2: a nonce of small order is refused even where the equation holds', () => {
    const a = 77n
    const publicKey = Point.BASE.multiply(a).toBytes()
    const identity = Point.ZERO.toBytes()
    const message = utf8('no nonce')
    const k = leToUint(sha512(concatBytes(identity, publicKey, message))) % order
    const signature = concatBytes(identity, uintToLe((k * a) % order, 32))
    expect(ed25519.verify(signature, message, publicKey)).toBe(false)
  })

  test('LED-2: wrong lengths are refused, in keys with KeyMalformed', () => {
    const seed = new Uint8Array(32)
    const publicKey = ed25519.publicKey(seed)
    const signature = ed25519.sign(seed, seed)
    expect(ed25519.verify(signature.subarray(1), seed, publicKey)).toBe(false)
    expect(ed25519.verify(concatBytes(signature, seed), seed, publicKey)).toBe(false)
    expect(ed25519.verify(signature, seed, publicKey.subarray(1))).toBe(false)
    expect(() => ed25519.publicKey(seed.subarray(1))).toThrow(
      expect.objectContaining({ kind: 'KeyMalformed' }),
    )
    expect(() => ed25519.sign(seed, seed.subarray(1))).toThrow(
      expect.objectContaining({ kind: 'KeyMalformed' }),
    )
  })

  test('LED-2: inputs in shared memory, as arrays and as Buffers, get true verdicts', () => {
    const seed = new Uint8Array(32).fill(5)
    const message = utf8('shared memory')
    const signature = ed25519.sign(message, seed)
    const publicKey = ed25519.publicKey(seed)
    const asBuffer = (source: Uint8Array) => Buffer.from(shared(source).buffer)
    for (const view of [shared, asBuffer]) {
      expect(ed25519.publicKey(view(seed))).toEqual(publicKey)
      expect(ed25519.sign(view(message), view(seed))).toEqual(signature)
      expect(ed25519.verify(view(signature), view(message), view(publicKey))).toBe(true)
      expect(ed25519.verify(view(signature), view(seed), view(publicKey))).toBe(false)
    }
  })

  test('LED-2: a batch gives the verdict of each signature, in shared and private memory', () => {
    const count = provider === native ? 700 : 20
    const messages = shared(new Uint8Array(32 * count))
    const signatures = shared(new Uint8Array(64 * count))
    const publicKeys = shared(new Uint8Array(32 * count))
    const expected: number[] = []
    for (let i = 0; i < count; i++) {
      const seed = new Uint8Array(32).fill(i % 7)
      const message = native.sha256(uintToLe(BigInt(i), 8))
      const signature = native.ed25519.sign(message, seed)
      if (i % 5 === 3) signature[i % 64]! ^= 1 << (i % 8)
      messages.set(message, 32 * i)
      signatures.set(signature, 64 * i)
      publicKeys.set(native.ed25519.publicKey(seed), 32 * i)
      expected.push(i % 5 === 3 ? 0 : 1)
    }
    const verdicts = shared(new Uint8Array(count).fill(7))
    provider.verifyEd25519Batch(messages, signatures, publicKeys, count, verdicts)
    expect([...verdicts]).toEqual(expected)
    const own = new Uint8Array(count)
    const copies = [messages, signatures, publicKeys].map((view) => new Uint8Array(view)) as [
      Uint8Array,
      Uint8Array,
      Uint8Array,
    ]
    provider.verifyEd25519Batch(...copies, count - 1, own)
    expect([...own]).toEqual([...expected.slice(0, -1), 0])
    expect(() => provider.verifyEd25519Batch(messages, signatures, publicKeys, count + 1, verdicts)).toThrow(
      expect.objectContaining({ kind: 'OptionInvalid' }),
    )
  })
})

const secret = bytes(32)
const agree = (signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean => {
  const verdict = native.ed25519.verify(signature, message, publicKey)
  expect(portable.ed25519.verify(signature, message, publicKey)).toBe(verdict)
  return verdict
}

test('LED-2: both back ends sign alike, accept it and refuse any flipped bit', () => {
  fc.assert(
    fc.property(secret, fc.uint8Array({ maxLength: 200 }), fc.nat(767), (seed, message, bit) => {
      const signature = native.ed25519.sign(message, seed)
      const publicKey = native.ed25519.publicKey(seed)
      expect(portable.ed25519.sign(message, seed)).toEqual(signature)
      expect(agree(signature, message, publicKey)).toBe(true)
      const altered = concatBytes(signature, publicKey)
      altered[bit >> 3]! ^= 1 << (bit & 7)
      expect(agree(altered.subarray(0, 64), message, altered.subarray(64))).toBe(false)
    }),
    { numRuns: 40 },
  )
})

test('LED-2: both back ends refuse S + L', () => {
  fc.assert(
    fc.property(secret, bytes(32), (seed, message) => {
      const signature = native.ed25519.sign(message, seed)
      const s = leToUint(signature.subarray(32)) + order
      const altered = concatBytes(signature.subarray(0, 32), uintToLe(s, 32))
      expect(agree(altered, message, native.ed25519.publicKey(seed))).toBe(false)
    }),
    { numRuns: 20 },
  )
})

test('LED-2: both back ends judge points with a small-order part alike, without cofactor', () => {
  const scalar = fc.bigInt({ min: 1n, max: order - 1n })
  fc.assert(
    fc.property(scalar, scalar, fc.nat(7), fc.nat(7), bytes(32), (a, r, i, j, message) => {
      const { publicKey, signature, k } = signWith(a, r, torsion[i]!, torsion[j]!, message)
      const residue = torsion[i]!.multiplyUnsafe(k % 8n).add(torsion[j]!)
      expect(agree(signature, message, publicKey)).toBe(residue.is0())
    }),
    { numRuns: 120 },
  )
})

test('LED-2: both back ends judge arbitrary bytes alike', () => {
  fc.assert(
    fc.property(bytes(64), bytes(32), bytes(32), (signature, message, publicKey) => {
      expect(agree(signature, message, publicKey)).toBe(false)
    }),
    { numRuns: 60 },
  )
})
