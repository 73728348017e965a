import { formatAmount, maxAmount, parseAmount } from '@banyan/base'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

describe('LED-10: amounts of FIG', () => {
  test('one FIG is 10^18 pip', () => {
    expect(parseAmount('1')).toBe(10n ** 18n)
    expect(parseAmount('0.000000000000000001')).toBe(1n)
    expect(parseAmount('007.50', 2)).toBe(750n)
    expect(parseAmount('12', 0)).toBe(12n)
  })

  test('are written without needless zeros', () => {
    expect(formatAmount(12_500_000_000_000_000_000n)).toBe('12.5')
    expect(formatAmount(0n)).toBe('0')
    expect(formatAmount(1n)).toBe('0.000000000000000001')
    expect(formatAmount(10n, 0)).toBe('10')
    expect(formatAmount(100n, 2)).toBe('1')
  })

  test('every amount reads back from its text, for every number of decimals', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: maxAmount }),
        fc.integer({ min: 0, max: 30 }),
        (amount, decimals) => {
          expect(parseAmount(formatAmount(amount, decimals), decimals)).toBe(amount)
        },
      ),
    )
  })

  test('anything but digits, a point and digits is refused', () => {
    for (const text of [
      '',
      '.',
      '1.',
      '.5',
      '-1',
      '+1',
      '1e3',
      '1,000',
      '1 ',
      ' 1',
      '0x1',
      '1.2.3',
      '١',
      '1\n',
      'NaN',
    ]) {
      expect(() => parseAmount(text), JSON.stringify(text)).toThrow(
        expect.objectContaining({ kind: 'AmountMalformed' }),
      )
    }
  })

  test('more decimals than the asset has are refused, not rounded', () => {
    expect(() => parseAmount('1.005', 2)).toThrow(expect.objectContaining({ code: 'BYN-1001' }))
    expect(() => parseAmount('1.0', 0)).toThrow(expect.objectContaining({ code: 'BYN-1001' }))
  })

  test('the largest amount is 2^128 - 1 base units', () => {
    expect(parseAmount(maxAmount.toString(), 0)).toBe(2n ** 128n - 1n)
    expect(() => parseAmount((maxAmount + 1n).toString(), 0)).toThrow(
      expect.objectContaining({ kind: 'AmountOverflow', details: { amount: 2n ** 128n } }),
    )
  })
})
