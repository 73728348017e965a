import { fail } from './errors/error.js'

/** Decimals of the native coin FIG; its base unit is the pip. */
export const figDecimals = 18

/** Largest amount of any asset, in base units: amounts are unsigned 128-bit integers. */
export const maxAmount = (1n << 128n) - 1n

/** Base units of a decimal amount such as "12.5". Refuses signs, exponents and excess decimals. */
export function parseAmount(text: string, decimals = figDecimals): bigint {
  const match = /^(\d+)(?:\.(\d+))?$/.exec(text)
  const fraction = match?.[2] ?? ''
  if (match === null || fraction.length > decimals) fail('AmountMalformed', { text, decimals })
  const amount = BigInt(match[1] + fraction.padEnd(decimals, '0'))
  if (amount > maxAmount) fail('AmountOverflow', { amount })
  return amount
}

/** Decimal text of an amount in base units, without trailing zeros. */
export function formatAmount(amount: bigint, decimals = figDecimals): string {
  const digits = amount.toString().padStart(decimals + 1, '0')
  const whole = digits.slice(0, digits.length - decimals)
  const fraction = digits.slice(digits.length - decimals).replace(/0+$/, '')
  return fraction === '' ? whole : `${whole}.${fraction}`
}
