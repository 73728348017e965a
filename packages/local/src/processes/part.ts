import { banyanError } from '@banyan/base'
import type { Exit, ProgramProcess } from '@banyan/node/child'
import { type Explained, readExplained } from '@banyan/program'
import { openPartLog, plainLine } from './log-file.js'
import { memoryOfTree } from './process-table.js'

export type PartState = 'starting' | 'ready' | 'restarting' | 'stopping' | 'stopped'

/** A part of the network as others see it. */
export type PartStatus = {
  readonly name: string
  readonly state: PartState
  readonly pid: number | null
  /** Since when it is in this state, ms since 1970. */
  readonly since: number
  /** How often it ended unasked. */
  readonly restarts: number
  /** With all processes that it has started. */
  readonly memoryBytes: number | null
  /** Where it listens, on this machine only. */
  readonly ports: Readonly<Record<string, number>>
  /** What it said last. */
  readonly lastLine: string
  /** Why it is not well, and what helps; nothing while it is. */
  readonly problem: Explained | null
}

/** What happened to a part, for those who watch. */
export type PartEvent =
  | {
      readonly kind: 'state'
      readonly part: string
      readonly state: PartState
      /** How it ended, as a sentence goes on, where it has. */
      readonly detail: string
      /** Why it is not well, where it is not. */
      readonly problem: Explained | null
    }
  /** It works, but does not answer. */
  | { readonly kind: 'hangs'; readonly part: string; readonly problem: Explained }
  /** It hung, and answers again. */
  | { readonly kind: 'answers'; readonly part: string }
  | { readonly kind: 'line'; readonly part: string; readonly line: string }

/** A program that is kept alive. `Ready` is what it says once it works. */
export type Part<Ready = unknown> = {
  readonly name: string
  readonly start: () => void
  /** Asks it to stop, and ends it if it does not. Resolves when it is gone. */
  readonly stop: () => Promise<void>
  /** Ends it at once and starts it again. */
  readonly restart: () => void
  readonly status: () => Promise<PartStatus>
  readonly state: () => PartState
  readonly pid: () => number | undefined
  /** Where on this machine it answers HTTP, while it is ready. */
  readonly httpPort: () => number | undefined
  /** What it said when it became ready, while it is. */
  readonly ready: () => Ready | undefined
  /** Newest last, as it printed them. */
  readonly lines: (count: number) => readonly string[]
}

export type PartOptions<Ready> = {
  readonly name: string
  /** Starts its process. */
  readonly launch: (onLine: (line: string) => void) => ProgramProcess<Ready>
  readonly logFile: string
  readonly portsOf: (ready: Ready | undefined) => Readonly<Record<string, number>>
  /** Which of them answers HTTP. */
  readonly httpPort: 'rpc' | 'api' | 'status'
  /** After this many ms a part that was asked to stop is ended. */
  readonly stopLimit: number
  readonly onEvent: (event: PartEvent) => void
}

/** Time between a death and the next life, ms: doubled with every one in a row. */
const firstBackoff = 250
const lastBackoff = 15_000
/** A life of this many ms ends the row. */
const goodLife = 30_000
/** Of these last lines of a life, the reason for its end is among them. */
const reasonLines = 50

/** A process that is started again whenever it ends unasked. */
export function createPart<Ready>(options: PartOptions<Ready>): Part<Ready> {
  const { name, logFile, stopLimit, onEvent } = options
  const log = openPartLog(logFile)
  let child: ProgramProcess<Ready> | undefined
  let ready: Ready | undefined
  let state: PartState = 'stopped'
  let since = Date.now()
  let restarts = 0
  let deathsInRow = 0
  let timer: NodeJS.Timeout | undefined
  let problem: Explained | null = null

  const enter = (next: PartState, detail = ''): void => {
    state = next
    since = Date.now()
    if (state === 'ready' || state === 'stopped') problem = null
    onEvent({ kind: 'state', part: name, state, detail, problem })
  }

  const launch = (): void => {
    enter(restarts === 0 ? 'starting' : 'restarting')
    const born = Date.now()
    let lines = 0
    const own = options.launch((line) => {
      log.write(line)
      lines++
      onEvent({ kind: 'line', part: name, line })
    })
    child = own
    void own.ready.then((line) => {
      if (child !== own || state === 'stopping') return
      ready = line
      enter('ready')
    })
    void own.exited.then((exit) => {
      child = undefined
      ready = undefined
      if (state === 'stopping') return enter('stopped')
      deathsInRow = Date.now() - born > goodLife ? 1 : deathsInRow + 1
      restarts++
      problem =
        readExplained(log.last(Math.min(lines, reasonLines))) ??
        endOf(name, exit, log.last(Math.min(lines, 1)))
      enter('restarting', exitText(exit))
      timer = setTimeout(launch, Math.min(lastBackoff, firstBackoff * 2 ** (deathsInRow - 1)))
    })
  }

  return {
    name,
    start: launch,
    stop: async () => {
      clearTimeout(timer)
      if (child === undefined) {
        if (state !== 'stopped') enter('stopped')
        return
      }
      enter('stopping')
      const own = child
      own.signal('SIGTERM')
      const limit = setTimeout(() => own.signal('SIGKILL'), stopLimit)
      await own.exited
      clearTimeout(limit)
    },
    restart: () => child?.signal('SIGKILL'),
    status: async () => ({
      name,
      state,
      pid: child?.pid ?? null,
      since,
      restarts,
      memoryBytes: (child && (await memoryOfTree(child.pid))) ?? null,
      ports: options.portsOf(ready),
      lastLine: plainLine(log.last(1)[0] ?? ''),
      problem,
    }),
    state: () => state,
    pid: () => child?.pid,
    httpPort: () => (ready === undefined ? undefined : options.portsOf(ready)[options.httpPort]),
    ready: () => ready,
    lines: log.last,
  }
}

const pollMs = 50

/** Waits through restarts: a part that ends is started again. Rejects when the signal is aborted. */
export async function untilReady<Ready>(part: Part<Ready>, signal: AbortSignal): Promise<Ready> {
  for (;;) {
    const ready = part.ready()
    if (ready !== undefined) return ready
    signal.throwIfAborted()
    await new Promise((resolve) => setTimeout(resolve, pollMs))
  }
}

/** How it ended, as a sentence continues: "ended with code 2". */
function exitText({ code, signal }: Exit): string {
  if (signal !== null) return `was ended by ${signal}`
  return code === null ? 'could not be started' : `ended with code ${code}`
}

/** What is told of an end that nothing explains, with the last line that was printed. */
function endOf(part: string, exit: Exit, [line]: readonly string[]): Explained {
  const reason = exit.signal !== null || line === undefined ? '' : `: ${plainLine(line)}`
  const { code, message, fix } = banyanError('PartEnded', { part, outcome: `${exitText(exit)}${reason}` })
  return { code, message, fix }
}
