import { fail } from '@banyan/base'

/**
 * pip for one micro-unit, from the price of one FIG in micro-units, rounded down. It stands on each row, and the coin of a row is its
 * micro-units times this number: no other rounding happens between fiat and coin. Error: CurveInvalid for a price of nothing.
 */
export function rateOf(microPerFig: bigint): bigint {
  if (microPerFig <= 0n) fail('CurveInvalid', { reason: 'a coin must cost something' })
  return 10n ** 18n / microPerFig
}

/** pip of an amount in micro-units. */
export function toPip(micro: bigint, rate: bigint): bigint {
  return micro * rate
}
