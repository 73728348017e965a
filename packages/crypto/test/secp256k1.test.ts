import { beToUint, concatBytes, fromHex, toHex, uintToBe } from '@banyan/base'
import { portable, secp256k1Address, toChecksumAddress } from '@banyan/crypto'
import { native, secp256k1Backend } from '@banyan/crypto/native'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { eip155 } from './vectors/secp256k1.js'

const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
const hex = (text: string): Uint8Array => fromHex(text)!
const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
const secrets = fc.bigInt({ min: 1n, max: order - 1n }).map((value) => uintToBe(value, 32))
const shared = (source: Uint8Array): Uint8Array => {
  const view = new Uint8Array(new SharedArrayBuffer(source.length))
  view.set(source)
  return view
}

/** The same signature with `n − s` and the other recovery bit. */
function highTwin(signature: Uint8Array, recovery: number) {
  const s = order - beToUint(signature.subarray(32))
  return { signature: concatBytes(signature.subarray(0, 32), uintToBe(s, 32)), recovery: 1 - recovery }
}

test('LED-2: the native back end says whether native secp256k1 code runs', () => {
  expect(['native', 'portable']).toContain(secp256k1Backend)
  expect(native.secp256k1 === portable.secp256k1).toBe(secp256k1Backend === 'portable')
})

describe.each([native, portable])('$name secp256k1', (provider) => {
  const { secp256k1 } = provider

  test('LED-2: the example of EIP-155', () => {
    const [hash, secret] = [hex(eip155.hash), hex(eip155.secret)]
    const { signature, recovery } = secp256k1.sign(hash, secret)
    expect(toHex(signature)).toBe(`0x${eip155.signature}`)
    expect(recovery).toBe(eip155.recovery)
    const point = secp256k1.recover(hash, signature, recovery)!
    expect(point).toEqual(secp256k1.publicKey(secret))
    expect(toChecksumAddress(provider, secp256k1Address(provider, point))).toBe(eip155.address)
  })

  test('LED-2: signatures with s > n/2 are refused, s = n/2 is not', () => {
    const hash = new Uint8Array(32).fill(1)
    const { signature, recovery } = secp256k1.sign(hash, new Uint8Array(32).fill(2))
    const twin = highTwin(signature, recovery)
    expect(secp256k1.recover(hash, twin.signature, twin.recovery)).toBeUndefined()
    const withS = (s: bigint) => concatBytes(signature.subarray(0, 32), uintToBe(s, 32))
    expect(secp256k1.recover(hash, withS(order / 2n), recovery)).toBeDefined()
    expect(secp256k1.recover(hash, withS(order / 2n + 1n), recovery)).toBeUndefined()
  })

  test('LED-2: malformed signatures recover nothing', () => {
    const hash = new Uint8Array(32).fill(1)
    const { signature, recovery } = secp256k1.sign(hash, new Uint8Array(32).fill(2))
    const zero = new Uint8Array(32)
    const [r, s] = [signature.subarray(0, 32), signature.subarray(32)]
    const bad = [concatBytes(zero, s), concatBytes(r, zero), concatBytes(uintToBe(order, 32), s), r]
    for (const form of bad) expect(secp256k1.recover(hash, form, recovery)).toBeUndefined()
    for (const bit of [2, 3, -1, 0.5]) expect(secp256k1.recover(hash, signature, bit)).toBeUndefined()
    expect(secp256k1.recover(hash.subarray(1), signature, recovery)).toBeUndefined()
  })

  test('LED-2: secrets out of range are refused with KeyMalformed', () => {
    const malformed = expect.objectContaining({ kind: 'KeyMalformed' })
    for (const secret of [new Uint8Array(32), uintToBe(order, 32), new Uint8Array(31).fill(1)]) {
      expect(() => secp256k1.publicKey(secret)).toThrow(malformed)
      expect(() => secp256k1.sign(new Uint8Array(32), secret)).toThrow(malformed)
    }
    expect(() => secp256k1.sign(new Uint8Array(31), new Uint8Array(32).fill(1))).toThrow(
      expect.objectContaining({ kind: 'OptionInvalid' }),
    )
  })

  test('LED-2: inputs in shared memory work', () => {
    const hash = new Uint8Array(32).fill(3)
    const secret = new Uint8Array(32).fill(4)
    const { signature, recovery } = secp256k1.sign(hash, secret)
    expect(secp256k1.sign(shared(hash), shared(secret))).toEqual({ signature, recovery })
    expect(secp256k1.recover(shared(hash), shared(signature), recovery)).toEqual(
      secp256k1.publicKey(shared(secret)),
    )
  })
})

const agree = (hash: Uint8Array, signature: Uint8Array, recovery: number): Uint8Array | undefined => {
  const point = native.secp256k1.recover(hash, signature, recovery)
  expect(portable.secp256k1.recover(hash, signature, recovery)).toEqual(point)
  return point
}

test('LED-2: both back ends sign and recover alike', () => {
  const extremes = fc.constantFrom(0n, 1n, order - 1n, order, order + 1n, (1n << 256n) - 1n)
  const hashes = fc.oneof(
    bytes(32),
    extremes.map((value) => uintToBe(value, 32)),
  )
  fc.assert(
    fc.property(hashes, secrets, fc.nat(511), (hash, secret, bit) => {
      const signed = native.secp256k1.sign(hash, secret)
      expect(portable.secp256k1.sign(hash, secret)).toEqual(signed)
      const point = native.secp256k1.publicKey(secret)
      expect(portable.secp256k1.publicKey(secret)).toEqual(point)
      expect(agree(hash, signed.signature, signed.recovery)).toEqual(point)
      const altered = new Uint8Array(signed.signature)
      altered[bit >> 3]! ^= 1 << (bit & 7)
      expect(agree(hash, altered, signed.recovery)).not.toEqual(point)
    }),
    { numRuns: 40 },
  )
})

test('LED-2: both back ends judge arbitrary signatures alike', () => {
  fc.assert(
    fc.property(bytes(32), bytes(64), fc.nat(1), (hash, signature, recovery) => {
      signature[32]! &= 0x7f
      agree(hash, signature, recovery)
    }),
    { numRuns: 40 },
  )
})
