import { appendFileSync } from 'node:fs'
import { type Exit, type NodeProcess as Process, startNodeProcess as start } from '@banyan/node/child'

export type { Exit, ReadyLine } from '@banyan/node/child'

/** A process of `banyan-node` that keeps what it has printed. Its `ready` rejects with that if it ends before. */
export type NodeProcess = Process & {
  /** The end of what it has printed: its log and its errors. */
  readonly output: () => string
}

const keptOutput = 2 ** 20

/** Runs `banyan-node` with these arguments; all output goes to the log file too, if there is one. */
export function startNodeProcess(
  args: readonly string[],
  { environment = {}, logFile }: { environment?: Readonly<Record<string, string>>; logFile?: string } = {},
): NodeProcess {
  let output = ''
  const onLine = (line: string): void => {
    output = `${output}${line}\n`.slice(-keptOutput)
    if (logFile !== undefined) appendFileSync(logFile, `${line}\n`)
  }
  const child = start(args, { onLine, environment })
  const ended = child.exited.then(({ code, signal }) => {
    throw new Error(`the node ended with ${code ?? signal} before it was ready:\n${output}`)
  })
  const ready = Promise.race([child.ready, ended])
  // Who does not wait for it does not care.
  ready.catch(() => undefined)
  return { ...child, ready, output: () => output }
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
