import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { freshBundle } from '../bundle.js'
import { type ReadyLine, readReadyLine } from './ready-line.js'

export type Exit = { readonly code: number | null; readonly signal: NodeJS.Signals | null }

/** A process of `banyan-node`. It ends by itself when this one is gone. */
export type NodeProcess = {
  /** 0 if it could not be started. */
  readonly pid: number
  /** Never resolves if it ends before. */
  readonly ready: Promise<ReadyLine>
  readonly exited: Promise<Exit>
  readonly signal: (name: NodeJS.Signals) => void
  /** Ends its standard input, as a parent does that dies. */
  readonly endInput: () => void
}

export type NodeProcessOptions = {
  /** Gets each line that it prints: its log and its errors. */
  readonly onLine: (line: string) => void
  /** Variables besides those of this process, whose own BANYAN_* are not passed on: they may be meant for another node. */
  readonly environment?: Readonly<Record<string, string>>
  /** Apart from this process for the terminal: Ctrl-C does not reach it. */
  readonly hasOwnGroup?: boolean
}

const packageFolder = new URL('../../', import.meta.url)
const program =
  freshBundle(packageFolder, 'banyan-node.js') ??
  fileURLToPath(new URL('dist/program/main.js', packageFolder))

/** Starts `banyan-node` with these words. */
export function startNodeProcess(
  words: readonly string[],
  { onLine, environment = {}, hasOwnGroup = false }: NodeProcessOptions,
): NodeProcess {
  const child = spawn(process.execPath, [program, ...words], {
    env: { ...withoutOptions(process.env), BANYAN_STOP_WITH_PARENT: 'true', ...environment },
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: hasOwnGroup,
  })
  child.stdin.on('error', () => undefined)
  createInterface({ input: child.stderr }).on('line', onLine)
  const exited = new Promise<Exit>((resolve) => {
    child.once('error', () => resolve({ code: null, signal: null }))
    child.once('close', (code, signal) => resolve({ code, signal }))
  })
  const ready = new Promise<ReadyLine>((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      onLine(line)
      const found = readReadyLine(line)
      if (found !== undefined) resolve(found)
    })
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
