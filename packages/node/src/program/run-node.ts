import { banyanError } from '@banyan/base'
import { readyMessage } from '../child/ready-line.js'
import { exitCodes, explain, isDefect } from './exit.js'
import { createLog, type Log } from './log.js'
import type { RunOptions } from './options.js'
import { type StartedNode, startNode } from './start-node.js'
import { awaitStop, type StopRequest } from './stop-request.js'

/**
 * The life of a node's process: create, start, ready, drain, stop, dispose. Resolves to its exit code. What is not the
 * user's to remove is thrown.
 */
export async function runNode(options: RunOptions): Promise<number> {
  const log = createLog(options.logLevel)
  const exit = (code: number): never => {
    log.flush()
    process.exit(code)
  }
  const stop = awaitStop(options.stopWithParent, exit)
  void stop.requested.then(() => {
    const late = (): void => {
      console.error(explain(banyanError('StopTimeout', { milliseconds: options.stopTimeout })))
      exit(exitCodes.late)
    }
    setTimeout(late, options.stopTimeout).unref()
  })
  try {
    return await live(options, log, stop)
  } finally {
    stop.end()
    log.flush()
  }
}

async function live(
  options: RunOptions,
  { write }: Log,
  stop: ReturnType<typeof awaitStop>,
): Promise<number> {
  let node: StartedNode
  try {
    node = await startNode(options, write, stop.fail)
  } catch (error) {
    if (isDefect(error)) throw error
    write.error({ error }, 'the node cannot start')
    console.error(explain(error))
    return exitCodes.refused
  }
  write.info(node.ready, readyMessage)
  return end(await stop.requested, node, write)
}

async function end(request: StopRequest, node: StartedNode, write: Log['write']): Promise<number> {
  const isFailure = request.kind === 'failure'
  if (isFailure) write.fatal({ error: request.error }, 'the node gives up')
  else write.info({ reason: request.kind === 'signal' ? request.name : 'parent' }, 'stopping')
  await node.drain()
  try {
    await node.stop()
  } catch (error) {
    // After a failure the disk repeats it.
    if (!isFailure) return gaveUp(error)
  }
  if (isFailure) return gaveUp(request.error)
  write.info('stopped')
  return exitCodes.done
}

/** Error: the given one, if it is a defect. */
function gaveUp(error: unknown): number {
  if (isDefect(error)) throw error
  console.error(explain(error))
  return exitCodes.gaveUp
}
