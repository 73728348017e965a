import { beToUint, fromHex, toHex, uintToBe, utf8 } from '@banyan/base'
import { portable } from '@banyan/crypto'
import { native } from '@banyan/crypto/native'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

const hex = (text: string): Uint8Array => fromHex(text)!
const order = 0x73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001n
const secrets = fc.bigInt({ min: 1n, max: order - 1n }).map((value) => uintToBe(value, 32))
const shared = (source: Uint8Array): Uint8Array => {
  const view = new Uint8Array(new SharedArrayBuffer(source.length))
  view.set(source)
  return view
}

/** Vectors of the consensus specification tests of Ethereum, handler `sign`. */
const vectors = [
  {
    secret: '0x263dbd792f5b1be47ed85f8938c0f29586af0d3ac7b977f21c278fe1462040e3',
    message: '0x5656565656565656565656565656565656565656565656565656565656565656',
    signature:
      '0x882730e5d03f6b42c3abc26d3372625034e1d871b65a8a6b900a56dae22da98abbe1b68f85e49fe7652a55ec3d0591c20767677e33e5cbb1207315c41a9ac03be39c2e7668edc043d6cb1d9fd93033caa8a1c5b0e84bedaeb6c64972503a43eb',
  },
  {
    secret: '0x47b8192d77bf871b62e87859d653922725724a5c031afeabc60bcef5ff665138',
    message: '0x0000000000000000000000000000000000000000000000000000000000000000',
    signature:
      '0xb23c46be3a001c63ca711f87a005c200cc550b9429d5f4eb38d74322144f1b63926da3388979e5321012fb1a0526bcd100b5ef5fe72628ce4cd5e904aeaa3279527843fae5ca9ca675f4f51ed8f83bbf7155da9ecc9663100a885d5dc6df96d9',
  },
]

const zeroKey = new Uint8Array(48)
zeroKey[0] = 0xc0
const zeroSignature = new Uint8Array(96)
zeroSignature[0] = 0xc0
/** x = 4 is on the curve of G1, but not in the group of prime order. */
const outsideKey = new Uint8Array(48)
outsideKey[0] = 0x80
outsideKey[47] = 4

describe.each([native, portable])('$name BLS', ({ bls }) => {
  const secretOf = (value: number): Uint8Array => uintToBe(BigInt(value), 32)
  const keyOf = (secret: Uint8Array) => bls.readKey(bls.publicKey(secret))!

  test.each(vectors)('CON-1: signs as Ethereum does, message $message', ({ secret, message, signature }) => {
    expect(toHex(bls.sign(hex(message), hex(secret)))).toBe(signature)
    expect(bls.verify(hex(signature), hex(message), keyOf(hex(secret)))).toBe(true)
  })

  test('CON-1: the public key of secret 1 is the generator of G1', () => {
    expect(toHex(bls.publicKey(secretOf(1)))).toBe(
      '0x97f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb',
    )
  })

  test('CON-1: an aggregate holds for exactly its keys and its message', () => {
    const message = utf8('a message of any length')
    const all = [1, 2, 3].map(secretOf)
    const signature = bls.aggregate(all.map((secret) => bls.sign(message, secret)))!
    const keys = all.map(keyOf)
    expect(bls.verifyAggregate(signature, message, keys)).toBe(true)
    expect(bls.verifyAggregate(signature, message, keys.slice(1))).toBe(false)
    expect(bls.verifyAggregate(signature, message, [...keys, keys[0]!])).toBe(false)
    expect(bls.verifyAggregate(signature, utf8('another'), keys)).toBe(false)
    expect(bls.verifyAggregate(signature, message, [])).toBe(false)
    expect(bls.aggregate([])).toBeUndefined()
  })

  test('CON-1: keys and signatures that cancel each other verify nothing', () => {
    const message = new Uint8Array(32)
    const pair = [secretOf(5), uintToBe(order - 5n, 32)]
    expect(bls.aggregate(pair.map((secret) => bls.sign(message, secret)))).toBeUndefined()
    expect(bls.verifyAggregate(zeroSignature, message, pair.map(keyOf))).toBe(false)
    expect(bls.verifyAggregate(bls.sign(message, pair[0]!), message, pair.map(keyOf))).toBe(false)
    expect(bls.verify(zeroSignature, message, keyOf(secretOf(5)))).toBe(false)
    expect(bls.aggregate([zeroSignature])).toBeUndefined()
  })

  test('CON-1: malformed keys and secrets are refused', () => {
    const key = bls.publicKey(secretOf(9))
    const flipped = key.slice()
    flipped[0]! ^= 0x80
    for (const wrong of [
      zeroKey,
      outsideKey,
      flipped,
      key.subarray(1),
      new Uint8Array(96),
      new Uint8Array(48),
    ])
      expect(bls.readKey(wrong)).toBeUndefined()
    for (const wrong of [secretOf(0), uintToBe(order, 32), new Uint8Array(31), new Uint8Array(32).fill(0xff)])
      expect(() => bls.sign(key, wrong)).toThrow(expect.objectContaining({ kind: 'KeyMalformed' }))
  })

  test('CON-1: possession is proven for one key, and a signature over the key is no proof', () => {
    const secret = secretOf(77)
    const key = bls.publicKey(secret)
    const proof = bls.provePossession(secret)
    expect(bls.verifyPossession(key, proof)).toBe(true)
    expect(bls.verifyPossession(bls.publicKey(secretOf(78)), proof)).toBe(false)
    expect(bls.verifyPossession(key, bls.sign(key, secret))).toBe(false)
    expect(bls.verifyPossession(zeroKey, zeroSignature)).toBe(false)
  })

  test('CON-1: shared memory is read like any other', () => {
    const secret = secretOf(11)
    const message = new Uint8Array(32).fill(3)
    const signature = bls.sign(shared(message), shared(secret))
    const key = bls.readKey(shared(bls.publicKey(secret)))!
    expect(bls.verify(shared(signature), shared(message), key)).toBe(true)
    expect(bls.aggregate([shared(signature)])).toEqual(signature)
  })
})

test('CON-1: both back ends sign, aggregate and verify alike', () => {
  const message = fc.uint8Array({ maxLength: 64 })
  const mutation = fc.record({ place: fc.nat(95), bit: fc.nat(7) })
  fc.assert(
    fc.property(
      fc.array(secrets, { minLength: 1, maxLength: 3 }),
      message,
      mutation,
      (all, data, { place, bit }) => {
        const keys = all.map((secret) => native.bls.publicKey(secret))
        expect(keys).toEqual(all.map((secret) => portable.bls.publicKey(secret)))
        const signatures = all.map((secret) => native.bls.sign(data, secret))
        expect(signatures[0]).toEqual(portable.bls.sign(data, all[0]!))
        const sum = native.bls.aggregate(signatures)!
        expect(portable.bls.aggregate(signatures)).toEqual(sum)
        const changed = sum.slice()
        changed[place]! ^= 1 << bit
        for (const { bls } of [native, portable]) {
          const points = keys.map((key) => bls.readKey(key)!)
          expect(bls.verifyAggregate(sum, data, points)).toBe(true)
          expect(bls.verifyAggregate(changed, data, points)).toBe(false)
          expect(bls.aggregate([changed]) === undefined).toBe(native.bls.aggregate([changed]) === undefined)
        }
      },
    ),
    { numRuns: 8 },
  )
})

test('CON-1: both back ends read the same keys', () => {
  const x = fc.uint8Array({ minLength: 48, maxLength: 48 })
  fc.assert(
    fc.property(x, fc.integer({ min: 0, max: 7 }), (bytes, flags) => {
      bytes[0] = (bytes[0]! & 0x0f) | (flags << 5)
      expect(native.bls.readKey(bytes) === undefined).toBe(portable.bls.readKey(bytes) === undefined)
    }),
    { numRuns: 40 },
  )
})

test('CON-1: the order of the group bounds secrets', () => {
  expect(beToUint(uintToBe(order - 1n, 32))).toBe(order - 1n)
  const last = uintToBe(order - 1n, 32)
  expect(native.bls.publicKey(last)).toEqual(portable.bls.publicKey(last))
})
