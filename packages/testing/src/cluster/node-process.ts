import { spawn } from 'node:child_process'
import { appendFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** What a node prints when it is ready, as far as tests use it. */
export type ReadyLine = {
  readonly rpc: string
  readonly admin: string
  readonly p2p: readonly string[]
  readonly peerId: string
  readonly height: number
  readonly genesisId: `0x${string}`
}

export type Exit = { readonly code: number | null; readonly signal: NodeJS.Signals | null }

/** A process of `banyan-node`. It dies with this one. */
export type NodeProcess = {
  readonly pid: number
  /** Rejects with the output if the process ends before. */
  readonly ready: Promise<ReadyLine>
  readonly exited: Promise<Exit>
  readonly signal: (name: NodeJS.Signals) => void
  /** Ends its standard input, as a parent does that dies. */
  readonly endInput: () => void
  /** The end of what it has printed: its log and its errors. */
  readonly output: () => string
}

const program = fileURLToPath(new URL('./main.js', import.meta.resolve('@banyan/node/program')))
const keptOutput = 2 ** 20

/** Runs `banyan-node` with these arguments; all output goes to the log file too, if there is one. */
export function startNodeProcess(
  args: readonly string[],
  { environment = {}, logFile }: { environment?: Readonly<Record<string, string>>; logFile?: string } = {},
): NodeProcess {
  const child = spawn(process.execPath, [program, ...args], {
    env: { ...process.env, BANYAN_STOP_WITH_PARENT: 'true', ...environment },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let output = ''
  const keep = (text: string): void => {
    output = (output + text).slice(-keptOutput)
    if (logFile !== undefined) appendFileSync(logFile, text)
  }
  child.stderr.setEncoding('utf8').on('data', keep)
  const exited = new Promise<Exit>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal }))
  })
  const ready = new Promise<ReadyLine>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      keep(`${line}\n`)
      if (line.endsWith('"msg":"ready"}')) resolve(JSON.parse(line) as ReadyLine)
    })
    void exited.then(({ code, signal }) =>
      reject(new Error(`the node ended with ${code ?? signal} before it was ready:\n${output}`)),
    )
  })
  // Who does not wait for it does not care.
  ready.catch(() => undefined)
  child.stdin.on('error', () => undefined)
  return {
    pid: child.pid ?? 0,
    ready,
    exited,
    signal: (name) => void child.kill(name),
    endInput: () => void child.stdin.end(),
    output: () => output,
  }
}

/** Runs a command of `banyan-node` to its end. */
export async function runNodeCommand(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Exit & { readonly output: string }> {
  const child = startNodeProcess(args, { environment })
  const exit = await child.exited
  return { ...exit, output: child.output() }
}
