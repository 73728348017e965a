import { runProgram } from '@banyan/program/run'
import type { RunOptions } from './options.js'
import { startNode } from './start-node.js'

/** The life of a node's process. Resolves to its exit code. What is not the user's to remove is thrown. */
export function runNode(options: RunOptions): Promise<number> {
  const { logLevel, stopWithParent, stopTimeout } = options
  return runProgram({
    name: 'the node',
    logLevel,
    stopWithParent,
    stopTimeout,
    start: (log, giveUp) => startNode(options, log, giveUp),
  })
}
