const format = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' })

/** The name of a period, such as 2026-11-22T04:12:33Z, as the moment at which it was settled. */
export function periodText(period: string): string {
  const at = period.includes('T') ? Date.parse(period) : Number.NaN
  return Number.isNaN(at) ? period : format.format(at)
}
