import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import type { PartLog } from './log-file.js'

/** What `banyan-node run` logs when it is ready, as far as it is used here. */
const readyForm = z.object({
  msg: z.literal('ready'),
  rpc: z.string(),
  admin: z.string(),
  height: z.int(),
  version: z.string(),
})

export type ReadyLine = z.output<typeof readyForm>
export type Exit = { readonly code: number | null; readonly signal: NodeJS.Signals | null }

/** One life of a validator. It ends by itself when this process is gone. */
export type NodeProcess = {
  readonly pid: number
  /** Never resolves if it ends before. */
  readonly ready: Promise<ReadyLine>
  readonly exited: Promise<Exit>
  readonly signal: (name: NodeJS.Signals) => void
}

const program = fileURLToPath(new URL('./main.js', import.meta.resolve('@banyan/node/program')))

/** Starts `banyan-node run` with these flags. All that it prints goes to the log; `onLine` is told of it. */
export function startNodeProcess(
  flags: readonly string[],
  log: PartLog,
  onLine: (line: string) => void,
): NodeProcess {
  const child = spawn(process.execPath, [program, 'run', ...flags], {
    // What the user has set for nodes of their own does not reach into this network.
    env: { ...withoutOptions(process.env), BANYAN_STOP_WITH_PARENT: 'true' },
    stdio: ['pipe', 'pipe', 'pipe'],
    // A group of its own: Ctrl-C reaches the supervisor alone, which then stops its children in order.
    detached: true,
  })
  child.stdin.on('error', () => undefined)
  const keep = (line: string): void => {
    log.write(line)
    onLine(line)
  }
  createInterface({ input: child.stderr }).on('line', keep)
  const exited = new Promise<Exit>((resolve) => {
    child.once('error', () => resolve({ code: null, signal: null }))
    child.once('close', (code, signal) => resolve({ code, signal }))
  })
  const ready = new Promise<ReadyLine>((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      keep(line)
      const found = readyOf(line)
      if (found !== undefined) resolve(found)
    })
  })
  return { pid: child.pid ?? 0, ready, exited, signal: (name) => void child.kill(name) }
}

function readyOf(line: string): ReadyLine | undefined {
  if (!line.endsWith('"msg":"ready"}')) return undefined
  const parsed = readyForm.safeParse(JSON.parse(line))
  return parsed.success ? parsed.data : undefined
}

function withoutOptions(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('BANYAN_')))
}

/** How it ended, as a sentence continues: "ended with code 2". */
export function exitText({ code, signal }: Exit): string {
  if (signal !== null) return `was ended by ${signal}`
  return code === null ? 'could not be started' : `ended with code ${code}`
}
