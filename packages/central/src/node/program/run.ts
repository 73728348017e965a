import { BanyanError, banyanError, errorRegistry } from '@banyan/base'
import { createLog } from './log.js'
import type { RunOptions } from './options.js'
import { type StartedCentral, startCentral } from './start.js'

/** How the process ends; the codes are those of `banyan-node`. */
export const exitCodes = { done: 0, defect: 1, refused: 2, gaveUp: 3, late: 4 } as const

/** What a user reads: a sentence, why, and what to do. Anything else than a registry error is a defect and is thrown again. */
export function explain(error: unknown): string {
  if (!(error instanceof BanyanError) || error.kind === 'InvariantBroken') throw error
  const { code, kind, message, fix, docs } = error
  return `${code}: ${message}\n  why: ${errorRegistry[kind].cause}\n  fix: ${fix}\n  ${docs}`
}

type Request = { readonly reason: string } | { readonly error: unknown }

/** The life of central's process. Resolves to its exit code. What is not the user's to remove is thrown. */
export async function runCentral(options: RunOptions): Promise<number> {
  const { write, flush } = createLog(options.logLevel)
  const exit = (code: number): never => {
    flush()
    process.exit(code)
  }
  let ask: (request: Request) => void = () => undefined
  const requested = new Promise<Request>((resolve) => {
    ask = resolve
  })
  const end = listen(options, (reason) => ask({ reason }), exit)
  void requested.then(() => {
    const late = (): void => {
      console.error(explain(banyanError('StopTimeout', { milliseconds: options.stopTimeout })))
      exit(exitCodes.late)
    }
    setTimeout(late, options.stopTimeout).unref()
  })
  try {
    const central = await startCentral(options, write, (error) => ask({ error }))
    write.info(central.ready, 'ready')
    const request = await requested
    write.info('reason' in request ? request : { error: request.error }, 'stopping')
    return await stop(central, request)
  } catch (error) {
    console.error(explain(error))
    return exitCodes.refused
  } finally {
    end()
    flush()
  }
}

async function stop(central: StartedCentral, request: Request): Promise<number> {
  await central.drain()
  const failure = await central.stop().then(
    () => undefined,
    (error: unknown) => error,
  )
  const reason = 'error' in request ? request.error : failure
  if (reason === undefined) return exitCodes.done
  console.error(explain(reason))
  return exitCodes.gaveUp
}

const signals = { SIGINT: 2, SIGTERM: 15 } as const

/** A second signal ends the process at once. Returns what ends the listening. */
function listen(
  { stopWithParent }: RunOptions,
  ask: (reason: string) => void,
  exit: (code: number) => void,
): () => void {
  let isAsked = false
  const listeners = Object.entries(signals).map(([name, number]) => {
    const listener = (): void => {
      if (isAsked) exit(128 + number)
      isAsked = true
      ask(name)
    }
    process.on(name, listener)
    return () => process.off(name, listener)
  })
  const parentGone = (): void => ask('parent')
  if (stopWithParent) {
    process.on('disconnect', parentGone)
    process.stdin.on('end', parentGone).on('error', parentGone).resume()
  }
  return () => {
    for (const remove of listeners) remove()
    process.off('disconnect', parentGone)
    process.stdin.pause()
  }
}
