import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Context } from './command-spec.js'
import { exitCodes } from './exit-codes.js'

const scripts = fileURLToPath(new URL('../../../scripts/', import.meta.url))

/**
 * Runs a command of the workspace, which prints what it has to say. With --json its own lines are talk, and the result is how
 * it ended, unless it makes a document itself.
 */
export async function runScript(
  { rest, output, signal }: Context,
  script: string,
  { makesDocument }: { readonly makesDocument: boolean },
): Promise<number> {
  const isJson = output.mode === 'json'
  const flags = isJson && makesDocument ? ['--json'] : []
  const child = spawn(process.execPath, [`${scripts}${script}.mjs`, ...rest, ...flags], {
    stdio: ['ignore', isJson && !makesDocument ? 2 : 1, 2],
  })
  const interrupt = (): void => void child.kill('SIGINT')
  signal.addEventListener('abort', interrupt)
  const code = await new Promise<number>((resolve) => {
    child.once('error', () => resolve(exitCodes.failed))
    child.once('close', (ended) => resolve(ended ?? exitCodes.failed))
  })
  signal.removeEventListener('abort', interrupt)
  signal.throwIfAborted()
  if (isJson && !makesDocument) output.result({ script, exitCode: code }, [])
  return code === 0 ? exitCodes.done : exitCodes.failed
}
