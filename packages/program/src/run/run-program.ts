import { banyanError } from '@banyan/base'
import { exitCodes, explain } from '../exit.js'
import { readyMessage } from '../ready-message.js'
import { createLog, type Log } from './log.js'
import { awaitStop, type StopRequest } from './stop-request.js'

/** How a program lives; options of the program that have these are given as they are. */
export type Life = {
  readonly logLevel: string
  readonly stopWithParent: boolean
  /** Time to stop in before the process ends anyway, ms; without it, what is stopped bounds it itself. */
  readonly stopTimeout?: number
}

/** Starts the work. `giveUp` ends the program when it cannot go on. */
export type Start = (log: Log['write'], giveUp: (error: unknown) => void) => Promise<Running>

/** What a program has started. */
export type Running = {
  /** What a script needs to reach it. */
  readonly ready: object
  /** No new work: clients are sent away, and /ready says so. */
  readonly drain: () => Promise<void>
  /** Ends all work and frees everything; `failed` if the program gave up. Rejects with what the disk failed with. */
  readonly stop: (failed: boolean) => Promise<void>
}

/**
 * The life of a process: start, ready, drain, stop. It ends when it is signalled, its parent ends, or its work gives up.
 * Resolves to its exit code. What is not the user's to remove is thrown. `name` is the program as sentences of its log begin:
 * "the node".
 */
export async function runProgram(name: string, life: Life, start: Start): Promise<number> {
  const log = createLog(life.logLevel)
  const exit = (code: number): never => {
    log.flush()
    process.exit(code)
  }
  const stop = awaitStop(life.stopWithParent, exit)
  void stop.requested.then(() => endInTime(life.stopTimeout, exit))
  try {
    return await live(name, start, log.write, stop)
  } finally {
    stop.end()
    log.flush()
  }
}

function endInTime(milliseconds: number | undefined, exit: (code: number) => never): void {
  if (milliseconds === undefined) return
  const late = (): void => {
    console.error(explain(banyanError('StopTimeout', { milliseconds })))
    exit(exitCodes.late)
  }
  setTimeout(late, milliseconds).unref()
}

async function live(
  name: string,
  start: Start,
  log: Log['write'],
  stop: ReturnType<typeof awaitStop>,
): Promise<number> {
  let running: Running
  try {
    running = await start(log, stop.fail)
  } catch (error) {
    console.error(explain(error))
    log.error({ error }, `${name} cannot start`)
    return exitCodes.refused
  }
  log.info(running.ready, readyMessage)
  return end(name, await stop.requested, running, log)
}

async function end(
  name: string,
  request: StopRequest,
  { drain, stop }: Running,
  log: Log['write'],
): Promise<number> {
  const isFailure = request.kind === 'failure'
  if (isFailure) log.fatal({ error: request.error }, `${name} gives up`)
  else log.info({ reason: request.kind === 'signal' ? request.name : 'parent' }, 'stopping')
  await drain()
  try {
    await stop(isFailure)
  } catch (error) {
    // After a failure the disk repeats it.
    if (!isFailure) return gaveUp(error)
  }
  if (isFailure) return gaveUp(request.error)
  log.info('stopped')
  return exitCodes.done
}

/** Error: the given one, if it is a defect. */
function gaveUp(error: unknown): number {
  console.error(explain(error))
  return exitCodes.gaveUp
}
