import {
  beToUint,
  compareBytes,
  concatBytes,
  equalBytes,
  fromHex,
  leToUint,
  toHex,
  uintToBe,
  uintToLe,
  utf8,
} from '@banyan/base'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

const bytes = fc.uint8Array({ maxLength: 64 })

describe('QLT-6: hex', () => {
  test('is lower case with a prefix, and reads back with and without it, in either case', () => {
    expect(toHex(Uint8Array.of(0, 15, 171, 255))).toBe('0x000fabff')
    expect(toHex(new Uint8Array())).toBe('0x')
    fc.assert(
      fc.property(bytes, (value) => {
        const text = toHex(value)
        expect(fromHex(text)).toEqual(value)
        expect(fromHex(text.slice(2).toUpperCase())).toEqual(value)
      }),
    )
  })

  test('anything else is refused, never read in part', () => {
    for (const text of ['0x1', 'abc', '0xgg', '0x 1', '1 ', '0x0x00', '0X00', '-1', '0x00\n', '٠٠']) {
      expect(fromHex(text), JSON.stringify(text)).toBeUndefined()
    }
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 12 }), (text) => {
        const value = fromHex(text)
        if (value !== undefined) expect(toHex(value).slice(2)).toBe(text.replace(/^0x/, '').toLowerCase())
      }),
    )
  })
})

describe('byte strings', () => {
  test('order is that of their hex text, and equality agrees with it', () => {
    fc.assert(
      fc.property(bytes, bytes, (a, b) => {
        const [textA, textB] = [toHex(a), toHex(b)]
        expect(Math.sign(compareBytes(a, b))).toBe(textA < textB ? -1 : textA > textB ? 1 : 0)
        expect(equalBytes(a, b)).toBe(textA === textB)
        expect(equalBytes(a, a.slice())).toBe(true)
      }),
    )
  })

  test('differing in the last byte, or in length alone, is a difference', () => {
    expect(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 3))).toBe(false)
    expect(equalBytes(Uint8Array.of(1), Uint8Array.of(1, 0))).toBe(false)
    expect(compareBytes(Uint8Array.of(1), Uint8Array.of(1, 0))).toBeLessThan(0)
  })

  test('joining keeps order and copies', () => {
    const first = Uint8Array.of(1, 2)
    const joined = concatBytes(first, new Uint8Array(), Uint8Array.of(3))
    first[0] = 9
    expect([...joined]).toEqual([1, 2, 3])
    expect(concatBytes()).toHaveLength(0)
  })

  test('text becomes UTF-8', () => {
    expect(toHex(utf8('FIG ü€'))).toBe('0x46494720c3bce282ac')
  })
})

describe('integers as bytes', () => {
  test('little and big endian put the low byte first and last', () => {
    expect([...uintToLe(0x0102n, 4)]).toEqual([2, 1, 0, 0])
    expect([...uintToBe(0x0102n, 4)]).toEqual([0, 0, 1, 2])
  })

  test('every value that fits reads back', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: (1n << 256n) - 1n }), (value) => {
        expect(leToUint(uintToLe(value, 32))).toBe(value)
        expect(beToUint(uintToBe(value, 32))).toBe(value)
      }),
    )
    expect(leToUint(new Uint8Array())).toBe(0n)
  })
})
