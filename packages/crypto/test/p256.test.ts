import { beToUint, concatBytes, fromHex, toHex, uintToBe, utf8 } from '@banyan/base'
import { portable, toLowS } from '@banyan/crypto'
import { native } from '@banyan/crypto/native'
import { p256 as curve } from '@noble/curves/nist.js'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { rfc6979 } from './vectors/p256.js'

const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
const prime = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn
const hex = (text: string): Uint8Array => fromHex(text)!
const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
const secrets = fc.bigInt({ min: 1n, max: order - 1n }).map((value) => uintToBe(value, 32))
const withS = (signature: Uint8Array, s: bigint) => concatBytes(signature.subarray(0, 32), uintToBe(s, 32))

describe.each([native, portable])('$name P-256', (provider) => {
  const { p256, sha256 } = provider
  const secret = hex(rfc6979.secret)

  test.each(rfc6979.signatures)('LED-2: RFC 6979 A.2.5, "%s", with the lower s', (text, r, s) => {
    const publicKey = p256.publicKey(secret)
    expect(toHex(publicKey)).toBe(`0x${rfc6979.publicKey}`)
    const given = beToUint(hex(s))
    const low = given > order / 2n ? order - given : given
    const signature = p256.sign(sha256(utf8(text)), secret)
    expect(signature).toEqual(concatBytes(hex(r), uintToBe(low, 32)))
    expect(p256.verify(sha256(utf8(text)), signature, publicKey)).toBe(true)
    expect(p256.verifyMessage(utf8(text), signature, publicKey)).toBe(true)
    expect(p256.verifyMessage(utf8('other'), signature, publicKey)).toBe(false)
    const high = withS(signature, order - low)
    expect(p256.verify(sha256(utf8(text)), high, publicKey)).toBe(false)
    expect(p256.verifyMessage(utf8(text), high, publicKey)).toBe(false)
  })

  test('LED-2: coordinates at or above the field prime are refused', () => {
    // The point with the smallest x; a signature by it is made backwards, from R = G + Q.
    let x = 0n
    const decode = () => {
      try {
        return curve.Point.fromBytes(concatBytes(hex('02'), uintToBe(x, 32)))
      } catch {
        return undefined
      }
    }
    while (decode() === undefined) x++
    const point = decode()!
    const r = curve.Point.Fn.create(curve.Point.BASE.add(point).x)
    const s = r > order / 2n ? order - r : r
    const signature = concatBytes(uintToBe(r, 32), uintToBe(s, 32))
    const hash = uintToBe(s, 32)
    const canonical = point.toBytes(false).slice(1)
    const y = canonical.subarray(32)
    expect(p256.verify(hash, signature, canonical)).toBe(true)
    expect(p256.verify(hash, signature, concatBytes(uintToBe(x + prime, 32), y))).toBe(false)
  })

  test('LED-2: malformed input is refused', () => {
    const hash = sha256(utf8('message'))
    const signature = p256.sign(hash, secret)
    const publicKey = p256.publicKey(secret)
    const zero = new Uint8Array(32)
    const badSignatures = [
      concatBytes(zero, signature.subarray(32)),
      withS(signature, 0n),
      concatBytes(uintToBe(order, 32), signature.subarray(32)),
      signature.subarray(1),
      new Uint8Array(0),
    ]
    for (const bad of badSignatures) {
      expect(p256.verify(hash, bad, publicKey)).toBe(false)
      expect(p256.verifyMessage(utf8('message'), bad, publicKey)).toBe(false)
    }
    for (const bad of [
      new Uint8Array(64),
      publicKey.subarray(1),
      concatBytes(publicKey.subarray(0, 32), zero),
    ]) {
      expect(p256.verify(hash, signature, bad)).toBe(false)
      expect(p256.verifyMessage(utf8('message'), signature, bad)).toBe(false)
    }
    expect(p256.verify(hash.subarray(1), signature, publicKey)).toBe(false)
    const malformed = expect.objectContaining({ kind: 'KeyMalformed' })
    expect(() => p256.publicKey(zero)).toThrow(malformed)
    expect(() => p256.sign(hash, uintToBe(order, 32))).toThrow(malformed)
  })

  test('LED-2: inputs in shared memory work', () => {
    const shared = (source: Uint8Array): Uint8Array => {
      const view = new Uint8Array(new SharedArrayBuffer(source.length))
      view.set(source)
      return view
    }
    const message = shared(utf8('message'))
    const signature = shared(p256.sign(sha256(message), shared(secret)))
    const publicKey = shared(p256.publicKey(secret))
    expect(p256.verifyMessage(message, signature, publicKey)).toBe(true)
    expect(p256.verify(shared(sha256(message)), signature, publicKey)).toBe(true)
  })
})

test('LED-2: both back ends judge P-256 signatures alike', () => {
  fc.assert(
    fc.property(secrets, fc.uint8Array({ maxLength: 100 }), fc.nat(1023), (secret, message, bit) => {
      const signature = native.p256.sign(native.sha256(message), secret)
      const publicKey = native.p256.publicKey(secret)
      const altered = concatBytes(signature, publicKey)
      altered[bit >> 3]! ^= 1 << (bit & 7)
      for (const { p256 } of [native, portable]) {
        expect(p256.verifyMessage(message, signature, publicKey)).toBe(true)
        expect(p256.verifyMessage(message, altered.subarray(0, 64), altered.subarray(64))).toBe(false)
      }
    }),
    { numRuns: 20 },
  )
  fc.assert(
    fc.property(bytes(64), bytes(64), bytes(10), (signature, publicKey, message) => {
      expect(native.p256.verifyMessage(message, signature, publicKey)).toBe(false)
      expect(portable.p256.verifyMessage(message, signature, publicKey)).toBe(false)
    }),
    { numRuns: 20 },
  )
})

test('LED-2: of the two forms of a signature the lower one is made, and what is none is refused', () => {
  const secret = hex(rfc6979.secret)
  const low = native.p256.sign(native.sha256(utf8('either form')), secret)
  const high = withS(low, order - beToUint(low.subarray(32)))
  expect(toLowS(high)).toEqual(low)
  expect(toLowS(low)).toEqual(low)
  expect(toLowS(withS(low, order / 2n))).toEqual(withS(low, order / 2n))
  expect(toLowS(withS(low, order / 2n + 1n))).toEqual(withS(low, order / 2n))
  for (const bad of [withS(low, 0n), withS(low, order), low.subarray(1), concatBytes(low, low)]) {
    expect(toLowS(bad)).toBeUndefined()
  }
})
