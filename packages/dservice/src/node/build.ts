import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fail } from '@banyan/base'
import type { Manifest } from '../manifest.js'

/** Runs the build command of a DService, if it has one. Error: BuildFailed. */
export async function build(
  folder: string,
  manifest: Manifest,
  print: (line: string) => void,
): Promise<void> {
  if (manifest.build === undefined) return
  const [program = '', ...rest] = manifest.build
  const child = spawn(program, rest, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
  for (const stream of [child.stdout, child.stderr]) createInterface(stream).on('line', print)
  const outcome = await new Promise<string | undefined>((resolve) => {
    child.once('error', (error) => resolve(`could not be started (${error.message})`))
    child.once('close', (code, signal) =>
      resolve(code === 0 ? undefined : `ended with ${signal ?? `code ${code}`}`),
    )
  })
  if (outcome !== undefined) fail('BuildFailed', { command: manifest.build.join(' '), outcome })
}
