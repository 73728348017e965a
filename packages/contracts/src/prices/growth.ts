/**
 * Growth by K = 2^(1/730) a day: what a coin buys doubles in two years of 365 days. Fixed point with 96 bits behind the point, so that all nodes
 * get the same number.
 */

const pointBits = 96n
const doublingDays = 730

/** K to the power of 1, 2, 4, ... 512, rounded down; a test computes them again. */
const powers = [
  79303426703195745334019548884n,
  79378762390669536696734135185n,
  79529648532993993713445182913n,
  79832281793015193025751581759n,
  80441007515881078210085251826n,
  81672419059384763031944098996n,
  84192083008498539971956931121n,
  89467010421120405579718957177n,
  101029049515716772842041963058n,
  128828796757863645321833835294n,
] as const

/** Most days of growth: two hundred years. */
export const maxDays = 100 * doublingDays

/** `amount · K^days`, rounded down; at most 11 units of 2^-96 of the amount too small in each doubling. `days` is at most `maxDays`. */
export function grow(amount: bigint, days: number): bigint {
  let factor = 1n << pointBits
  const rest = days % doublingDays
  for (const [i, power] of powers.entries()) {
    if (((rest >> i) & 1) === 1) factor = (factor * power) >> pointBits
  }
  return ((amount * factor) << BigInt(Math.floor(days / doublingDays))) >> pointBits
}
