import { plainLine } from '@banyan/local/state'
import type { Paint } from './paint.js'

const nameWidth = 13

/** A line of a part's log as people read it: part, time of day, and what it says. */
export function logLine(part: string, line: string, paint: Paint): string {
  const time = /"time":"[^"]*T(\d\d:\d\d:\d\d)/.exec(line)?.[1]
  const text = time === undefined ? plainLine(line) : `${time} ${plainLine(line)}`
  return `${paint.quiet(part.padEnd(nameWidth))}${text}`
}
