import { concatBytes, fromHex, toHex, utf8 } from '@banyan/base'
import { portable } from '@banyan/crypto'
import { native } from '@banyan/crypto/native'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

describe.each([native, portable])('$name hashes', (provider) => {
  test.each([
    ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    [
      'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
      '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
    ],
    ['a'.repeat(1_000_000), 'cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0'],
  ])('LED-7: SHA-256 of the FIPS 180-4 examples', (text, digest) => {
    expect(toHex(provider.sha256(utf8(text)))).toBe(`0x${digest}`)
  })

  test.each([
    ['', 'c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470'],
    ['abc', '4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45'],
    ['transfer(address,uint256)', 'a9059cbb2ab09eb219583f4a59a5d0623ade346d962bcd4e46b11da047c9049b'],
  ])('LED-2: Keccak-256 as Ethereum uses it: "%s"', (text, digest) => {
    expect(toHex(provider.keccak256(utf8(text)))).toBe(`0x${digest}`)
  })

  test('LED-7: hashPairs hashes each block, in place and in shared memory', () => {
    for (const pairs of [0, 1, 2, 3, 7, 8, 15, 16, 17, 31, 33, 64, 100]) {
      const input = new Uint8Array(64 * pairs).map((_, i) => (i * 151 + pairs) & 255)
      const expected = concatBytes(
        ...Array.from({ length: pairs }, (_, i) => portable.sha256(input.subarray(64 * i, 64 * i + 64))),
      )
      const output = new Uint8Array(32 * pairs)
      provider.hashPairs(input, output)
      expect(output).toEqual(expected)
      const inPlace = new Uint8Array(new SharedArrayBuffer(64 * pairs))
      inPlace.set(input)
      provider.hashPairs(inPlace, inPlace.subarray(0, 32 * pairs))
      expect(new Uint8Array(inPlace.subarray(0, 32 * pairs))).toEqual(expected)
    }
  })

  test('LED-7: hashPairs refuses lengths that do not fit', () => {
    const wrong = expect.objectContaining({ kind: 'OptionInvalid' })
    expect(() => provider.hashPairs(new Uint8Array(63), new Uint8Array(31))).toThrow(wrong)
    expect(() => provider.hashPairs(new Uint8Array(128), new Uint8Array(32))).toThrow(wrong)
  })

  test('LED-2: random bytes fill any length', () => {
    const bytes = provider.randomBytes(200_001)
    expect(bytes.length).toBe(200_001)
    for (let i = 0; i < bytes.length; i += 20_000) {
      expect(new Set(bytes.subarray(i, Math.min(i + 1000, bytes.length))).size).toBeGreaterThan(
        i === 200_000 ? 0 : 100,
      )
    }
  })
})

test('LED-2: both back ends hash alike, also from shared memory', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 700 }), (data) => {
      const view = new Uint8Array(new SharedArrayBuffer(data.length))
      view.set(data)
      expect(native.sha256(view)).toEqual(portable.sha256(data))
      expect(native.keccak256(view)).toEqual(portable.keccak256(data))
      expect(portable.keccak256(view)).toEqual(portable.keccak256(data))
    }),
    { numRuns: 100 },
  )
})

test('LED-2: hashes do not alias each other', () => {
  const first = native.keccak256(fromHex('01')!)
  const copy = toHex(first)
  native.keccak256(fromHex('02')!)
  expect(toHex(first)).toBe(copy)
})
