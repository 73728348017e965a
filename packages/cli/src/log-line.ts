import { plainLine } from '@banyan/local/state'
import type { Paint } from './paint.js'

const nameWidth = 13

/** When a line was logged, as ISO text, if it tells. */
export function timeOf(line: string): string | undefined {
  return /^\{[^{]*?"time":"([^"]+)"/.exec(line)?.[1]
}

/** A line of a part's log as people read it: part, time of day, and what it says. */
export function logLine(part: string, line: string, paint: Paint): string {
  const time = timeOf(line)?.slice(11, 19)
  const text = time === undefined ? plainLine(line) : `${time} ${plainLine(line)}`
  return `${paint.quiet(part.padEnd(nameWidth))}${text}`
}
