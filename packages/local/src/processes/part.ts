import type { Exit, ProgramProcess } from '@banyan/node/child'
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
}

/** What happened to a part, for those who watch. */
export type PartEvent =
  | { readonly kind: 'state'; readonly part: string; readonly state: PartState; readonly detail: string }
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
  /** After this many ms a part that was asked to stop is ended. */
  readonly stopLimit: number
  readonly onEvent: (event: PartEvent) => void
}

/** Time between a death and the next life, ms: doubled with every one in a row. */
const firstBackoff = 250
const lastBackoff = 15_000
/** A life of this many ms ends the row. */
const goodLife = 30_000

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

  const enter = (next: PartState, detail = ''): void => {
    state = next
    since = Date.now()
    onEvent({ kind: 'state', part: name, state, detail })
  }

  const launch = (): void => {
    enter(restarts === 0 ? 'starting' : 'restarting')
    const born = Date.now()
    const own = options.launch((line) => {
      log.write(line)
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
    }),
    state: () => state,
    pid: () => child?.pid,
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
