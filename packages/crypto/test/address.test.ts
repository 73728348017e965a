import { asAddress, concatBytes, fromHex, toHex, utf8 } from '@banyan/base'
import {
  ed25519Address,
  ed25519Addresses,
  p256Address,
  parseAddress,
  portable,
  secp256k1Address,
  tag,
  toChecksumAddress,
} from '@banyan/crypto'
import { native } from '@banyan/crypto/native'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

/** The examples of EIP-55. */
const checksummed = [
  '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed',
  '0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359',
  '0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB',
  '0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb',
]

describe.each([native, portable])('$name addresses', (provider) => {
  test('LED-2: addresses bind the algorithm of the key', () => {
    const key = new Uint8Array(32).fill(1)
    const point = new Uint8Array(64).fill(1)
    const ed = provider.sha256(concatBytes(key, tag('banyan/address/ed25519'))).subarray(12)
    const p256 = provider.sha256(concatBytes(provider.sha256(point), tag('banyan/address/p256'))).subarray(12)
    expect(ed25519Address(provider, key)).toEqual(ed)
    expect(p256Address(provider, point)).toEqual(p256)
    expect(secp256k1Address(provider, point)).toEqual(provider.keccak256(point).subarray(12))
  })

  test('LED-2: keys of the wrong length have no address', () => {
    const malformed = expect.objectContaining({ kind: 'KeyMalformed' })
    const key = new Uint8Array(33)
    for (const address of [ed25519Address, p256Address, secp256k1Address]) {
      expect(() => address(provider, key)).toThrow(malformed)
    }
  })

  test('LED-2: a batch gives the same addresses, from shared memory too', () => {
    const count = 2100
    const keys = new Uint8Array(new SharedArrayBuffer(32 * count))
    for (let i = 0; i < keys.length; i++) keys[i] = (i * 7 + (i >> 8)) & 255
    const out = new Uint8Array(new SharedArrayBuffer(20 * count))
    ed25519Addresses(provider, keys, count, out)
    for (let i = 0; i < count; i += 37) {
      const one = ed25519Address(provider, keys.subarray(32 * i, 32 * i + 32))
      expect(new Uint8Array(out.subarray(20 * i, 20 * i + 20))).toEqual(one)
    }
  })

  test.each(checksummed)('LED-2: %s is written and read with its checksum', (text) => {
    const address = asAddress(fromHex(text)!)
    expect(toChecksumAddress(provider, address)).toBe(text)
    for (const form of [text, text.toLowerCase(), `0x${text.slice(2).toUpperCase()}`]) {
      expect(parseAddress(provider, form)).toEqual(address)
    }
    const swapped = text.replace(/[a-f](?=[0-9A-F]*$)|[A-F](?=[0-9a-f]*$)/, (digit) =>
      digit === digit.toLowerCase() ? digit.toUpperCase() : digit.toLowerCase(),
    )
    expect(swapped).not.toBe(text)
    expect(() => parseAddress(provider, swapped)).toThrow(
      expect.objectContaining({ kind: 'AddressChecksumWrong' }),
    )
  })

  test('LED-2: other texts are no addresses', () => {
    const digits = checksummed[0]!.slice(2)
    for (const text of [
      '',
      '0x',
      digits,
      `0X${digits}`,
      `0x${digits}0`,
      `0x${digits.slice(1)}g`,
      ` 0x${digits}`,
    ]) {
      expect(() => parseAddress(provider, text)).toThrow(
        expect.objectContaining({ kind: 'AddressMalformed' }),
      )
    }
  })
})

test('LED-2: every address survives its text form', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 20, maxLength: 20 }), (bytes) => {
      const text = toChecksumAddress(native, asAddress(bytes))
      expect(text.toLowerCase()).toBe(toHex(bytes))
      expect(parseAddress(portable, text)).toEqual(bytes)
    }),
  )
})

test('LED-7: a tag is its text, padded with zeros', () => {
  expect(tag('banyan/native')).toEqual(concatBytes(utf8('banyan/native'), new Uint8Array(19)))
  expect(() => tag('x'.repeat(33))).toThrow(expect.objectContaining({ kind: 'InvariantBroken' }))
})
