import { type Exit, type NodeProcess, type ReadyLine, startNodeProcess } from '@banyan/node/child'
import { openPartLog, plainLine } from './log-file.js'
import { memoryOf } from './process-table.js'

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

export type Part = {
  readonly name: string
  readonly start: () => void
  /** Asks it to stop, and ends it if it does not. Resolves when it is gone. */
  readonly stop: () => Promise<void>
  /** Ends it at once and starts it again. */
  readonly restart: () => void
  readonly status: () => Promise<PartStatus>
  readonly state: () => PartState
  readonly pid: () => number | undefined
  /** Where its APIs are, while it is ready. */
  readonly ready: () => ReadyLine | undefined
  /** Newest last, as it printed them. */
  readonly lines: (count: number) => readonly string[]
}

export type PartOptions = {
  readonly name: string
  readonly flags: readonly string[]
  readonly logFile: string
  /** Port for peers. */
  readonly peerPort: number
  readonly onEvent: (event: PartEvent) => void
}

/** Time between a death and the next life, ms: doubled with every one in a row. */
const firstBackoff = 250
const lastBackoff = 15_000
/** A life of this many ms ends the row. */
const goodLife = 30_000
/** After this many ms a part that was asked to stop is ended. What is final is durable all the same. */
const stopLimit = 2_000

/** A process of `banyan-node` that is started again whenever it ends unasked. */
export function createPart({ name, flags, logFile, peerPort, onEvent }: PartOptions): Part {
  const log = openPartLog(logFile)
  let child: NodeProcess | undefined
  let ready: ReadyLine | undefined
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
    const own = startNodeProcess(['run', ...flags], {
      onLine: (line) => {
        log.write(line)
        onEvent({ kind: 'line', part: name, line })
      },
      // Ctrl-C reaches the supervisor alone, which then stops its children in order.
      hasOwnGroup: true,
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
      memoryBytes: (child && (await memoryOf(child.pid))) ?? null,
      ports: {
        ...(ready && { rpc: Number(new URL(ready.rpc).port), admin: Number(new URL(ready.admin).port) }),
        peers: peerPort,
      },
      lastLine: plainLine(log.last(1)[0] ?? ''),
    }),
    state: () => state,
    pid: () => child?.pid,
    ready: () => ready,
    lines: log.last,
  }
}

/** How it ended, as a sentence continues: "ended with code 2". */
function exitText({ code, signal }: Exit): string {
  if (signal !== null) return `was ended by ${signal}`
  return code === null ? 'could not be started' : `ended with code ${code}`
}
