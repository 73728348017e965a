/** Calendar months of UTC, written as 2026-11. */

export function monthOf(moment: number): string {
  return new Date(moment).toISOString().slice(0, 7)
}

/** The month so many months after another one. */
export function monthAfter(month: string, step: number): string {
  const [year, number] = month.split('-').map(Number)
  return monthOf(Date.UTC(year!, number! - 1 + step, 1))
}

const format = new Intl.DateTimeFormat(undefined, { month: 'long', year: 'numeric', timeZone: 'UTC' })

export function monthText(month: string): string {
  return format.format(Date.parse(`${month}-01`))
}
