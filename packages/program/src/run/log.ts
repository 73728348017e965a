import { BanyanError, errorRegistry } from '@banyan/base'
import { destination, type Logger, pino, stdTimeFunctions } from 'pino'

/** Lines of JSON on standard output. What is logged is chosen where it is logged; keys and credentials never are. */
export type Log = {
  readonly write: Logger
  /** Writes out what waits, before the process ends. */
  readonly flush: () => void
}

/** Beyond, lines are dropped: a reader that hangs does not stop the program. */
const maxWaitingBytes = 2 ** 22

export function createLog(level: string): Log {
  const out = destination({ dest: 1, sync: false, maxLength: maxWaitingBytes })
  const write = pino(
    {
      level,
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { error: errorText },
    },
    out,
  )
  const flush = (): void => {
    try {
      out.flushSync()
    } catch {
      // The reader is gone, or nothing was written yet.
    }
  }
  return { write, flush }
}

/** An error as the log shows it: with what to do about it, without a stack. */
export function errorText(error: unknown): object {
  if (!(error instanceof BanyanError)) return { message: String(error) }
  const { code, kind, message, fix } = error
  return { code, kind, message, cause: errorRegistry[kind].cause, fix }
}
