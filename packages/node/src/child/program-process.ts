import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

export type Exit = { readonly code: number | null; readonly signal: NodeJS.Signals | null }

/** A program of this platform as a process of its own. It ends by itself when this one is gone. */
export type ProgramProcess<Ready> = {
  /** 0 if it could not be started. */
  readonly pid: number
  /** What it said when it was ready. Never resolves if it ends before. */
  readonly ready: Promise<Ready>
  readonly exited: Promise<Exit>
  readonly signal: (name: NodeJS.Signals) => void
  /** Ends its standard input, as a parent does that dies. */
  readonly endInput: () => void
}

export type ProgramOptions<Ready> = {
  /** JavaScript file that Node runs. */
  readonly file: string
  readonly words: readonly string[]
  /** Options of Node itself. */
  readonly nodeFlags: readonly string[]
  /** Reads the line by which it says that it is ready; nothing if it is another one. */
  readonly readReady: (line: string) => Ready | undefined
  /** Gets each line that it prints: its log and its errors. */
  readonly onLine: (line: string) => void
  /** Variables besides those of this process, whose own BANYAN_* are not passed on: they may be meant for another program. */
  readonly environment: Readonly<Record<string, string>>
  /** Apart from this process for the terminal: Ctrl-C does not reach it. */
  readonly hasOwnGroup: boolean
}

/** Starts a program. Its standard input stays open for as long as this process lives. */
export function startProgram<Ready>(options: ProgramOptions<Ready>): ProgramProcess<Ready> {
  const { file, words, nodeFlags, readReady, onLine, environment, hasOwnGroup } = options
  const child = spawn(process.execPath, [...nodeFlags, file, ...words], {
    env: { ...withoutOptions(process.env), ...environment },
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: hasOwnGroup,
  })
  child.stdin.on('error', () => undefined)
  const exited = new Promise<Exit>((resolve) => {
    child.once('error', () => resolve({ code: null, signal: null }))
    child.once('close', (code, signal) => resolve({ code, signal }))
  })
  const ready = new Promise<Ready>((resolve) => {
    for (const input of [child.stdout, child.stderr]) {
      createInterface({ input }).on('line', (line) => {
        onLine(line)
        const found = readReady(line)
        if (found !== undefined) resolve(found)
      })
    }
  })
  return {
    pid: child.pid ?? 0,
    ready,
    exited,
    signal: (name) => void child.kill(name),
    endInput: () => void child.stdin.end(),
  }
}

function withoutOptions(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('BANYAN_')))
}
