import { decodeJson, encodeJson, toHex } from '@banyan/base'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

describe('JSON with whole numbers of any size', () => {
  test('BIL-3: every signed number of 256 bits survives, wherever it stands', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt({ min: -(2n ** 255n), max: 2n ** 256n - 1n })), (amounts) => {
        const value = { amounts, first: amounts[0] ?? null, deep: [{ amount: amounts.at(-1) ?? 0n }] }
        expect(decodeJson(encodeJson(value))).toEqual(value)
      }),
    )
  })

  test('what JSON has itself is written as JSON writes it', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(encodeJson(value)).toBe(JSON.stringify(value))
      }),
    )
    expect(encodeJson({ missing: undefined, n: 1 })).toBe('{"n":1}')
  })

  test('bytes are hexadecimal text, whether they are a Uint8Array or a Buffer', () => {
    const bytes = Uint8Array.of(0, 127, 255)
    expect(encodeJson({ bytes, list: [Buffer.from(bytes)] })).toBe('{"bytes":"0x007fff","list":["0x007fff"]}')
    expect(decodeJson(encodeJson({ bytes }))).toEqual({ bytes: toHex(bytes) })
  })

  test('only digits that end in n are numbers', () => {
    expect(decodeJson('["12n","-3n","0n"]')).toEqual([12n, -3n, 0n])
    for (const text of ['n', '-n', '1.5n', '12', 'n12', '0x1n', ' 1n', '1n ', '1n\n', `${'9'.repeat(79)}n`])
      expect(decodeJson(JSON.stringify([text]))).toEqual([text])
    expect(() => decodeJson('[12n]')).toThrow(SyntaxError)
  })
})
