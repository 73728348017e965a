import type { StartEvent } from '@banyan/local'
import { logLine } from '../log-line.js'
import type { Output } from '../output.js'

/** Lines of the parts beside what else is told: of none at first. */
export type LogView = {
  readonly onEvent: (event: StartEvent) => void
  /** Goes on to those of all parts, then of each one alone, then of none again, and says so. */
  readonly next: (parts: readonly string[]) => void
}

export function createLogView({ talk, talkPaint: paint }: Output): LogView {
  let shown: readonly string[] = []
  let choice = 0
  return {
    onEvent: (event) => {
      if (event.kind === 'line' && shown.includes(event.part)) talk(logLine(event.part, event.line, paint))
    },
    next: (parts) => {
      const each = parts.map((part) => [part])
      const choices = parts.length > 1 ? [[], parts, ...each] : [[], ...each]
      choice = (choice + 1) % choices.length
      shown = choices[choice]!
      const what = shown.length === 0 ? 'none' : shown.length === 1 ? shown[0] : 'all parts'
      talk(paint.quiet(`  Logs of ${what}; l goes on.`))
    },
  }
}
