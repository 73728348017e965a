const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/** How long ago a moment was, in the largest unit that says something. Both in ms since the Unix epoch. */
export function agoText(moment: number, now: number): string {
  const passed = Math.max(0, now - moment)
  if (passed < 2_000) return 'just now'
  if (passed < minute) return `${Math.floor(passed / 1_000)} s ago`
  if (passed < hour) return `${Math.floor(passed / minute)} min ago`
  if (passed < day) return `${Math.floor(passed / hour)} h ago`
  const days = Math.floor(passed / day)
  return days < 60 ? `${days} ${days === 1 ? 'day' : 'days'} ago` : dayText(moment)
}

const dayFormat = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' })
const exactFormat = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'long' })

export function dayText(moment: number): string {
  return dayFormat.format(moment)
}

export function exactText(moment: number): string {
  return exactFormat.format(moment)
}

/** A span of time with a unit that suits it. */
export function spanText(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`
  if (ms < minute) return `${(ms / 1_000).toFixed(ms < 10_000 ? 1 : 0)} s`
  if (ms < hour) return `${Math.floor(ms / minute)} min`
  if (ms < day) return `${Math.floor(ms / hour)} h`
  return `${Math.floor(ms / day)} d`
}

const memoryUnits = ['B', 'KB', 'MB', 'GB', 'TB'] as const

/** Bytes with a unit, by powers of 1,024. */
export function bytesText(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(memoryUnits.length - 1, Math.floor(Math.log2(bytes) / 10))
  const value = bytes / 1_024 ** power
  return `${value < 10 && power > 0 ? value.toFixed(1) : Math.round(value)} ${memoryUnits[power]}`
}
