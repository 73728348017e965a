import { BanyanError } from '@banyan/base'
import { destination, type Logger, pino, stdTimeFunctions } from 'pino'

export type Log = { readonly write: Logger; readonly flush: () => void }

/** Beyond, lines are dropped: a reader that hangs does not stop central. */
const maxWaitingBytes = 2 ** 22

/** Lines of JSON on standard output. What is logged is chosen where it is logged; credentials never are. */
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

/** An error with what to do about it, without a stack. */
function errorText(error: unknown): object {
  if (!(error instanceof BanyanError)) return { message: String(error) }
  const { code, kind, message, fix } = error
  return { code, kind, message, fix }
}
