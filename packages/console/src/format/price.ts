import { amountText } from './amount.js'

/** Whole micro-units of a currency are millionths. */
const microDecimals = 6

const signs: Readonly<Record<string, string>> = { USD: '$', EUR: '€', GBP: '£' }

/** An amount of money in micro-units, with the sign or the code of its currency. Prices of one request are fractions of a cent. */
export function priceText(micro: bigint, currency: string): string {
  const sign = signs[currency]
  const { full } = amountText(micro < 0n ? -micro : micro, microDecimals)
  const [whole, fraction = ''] = full.split('.')
  // Cents stand in full.
  const text = fraction === '' ? full : `${whole}.${fraction.padEnd(2, '0')}`
  const minus = micro < 0n ? '\u2212' : ''
  return sign === undefined ? `${minus}${text} ${currency}` : `${minus}${sign}${text}`
}
