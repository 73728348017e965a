import { runProgram } from '@banyan/program/run'
import type { RunOptions } from './options.js'
import { startCentral } from './start.js'

/** The life of central's process. Resolves to its exit code. What is not the user's to remove is thrown. */
export function runCentral(options: RunOptions): Promise<number> {
  const { logLevel, stopWithParent, stopTimeout } = options
  return runProgram({
    name: 'central',
    logLevel,
    stopWithParent,
    stopTimeout,
    start: (log, giveUp) => startCentral(options, log, giveUp),
  })
}
