/** What a person reads of an amount. */
export type AmountText = {
  /** At most four digits that matter after the point, with thin spaces between groups of three. */
  readonly short: string
  /** All digits. */
  readonly full: string
  /** Whether `short` leaves digits out. */
  readonly cut: boolean
}

const thinSpace = '\u2009'
const significant = 4

/** `12345678` as `12 345 678`, with thin spaces; four digits stay together. */
export function groupDigits(digits: string): string {
  return digits.length <= 4 ? digits : digits.replace(/\B(?=(\d{3})+$)/g, thinSpace)
}

/** A whole number as people read it. */
export function countText(count: number | bigint): string {
  return groupDigits(String(count))
}

/** Text of an amount of base units, never rounded up: nobody is shown more than there is. */
export function amountText(units: bigint, decimals: number): AmountText {
  const digits = units.toString().padStart(decimals + 1, '0')
  const whole = groupDigits(digits.slice(0, digits.length - decimals))
  const fraction = decimals === 0 ? '' : digits.slice(-decimals).replace(/0+$/, '')
  const zeros = whole === '0' ? (/^0*/.exec(fraction)?.[0].length ?? 0) : 0
  const kept = fraction.slice(0, zeros + significant).replace(/0+$/, '')
  const join = (part: string) => (part === '' ? whole : `${whole}.${part}`)
  return { short: join(kept), full: join(fraction), cut: kept !== fraction }
}
