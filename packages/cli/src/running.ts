import { resolve } from 'node:path'
import { fail } from '@banyan/base'
import { layoutOf, type Run, readRun } from '@banyan/local/state'
import { noteOrigin } from './run.js'
import type { Settings } from './settings.js'

/** What runs from a folder. Error: LocalNotRunning. */
export async function runningNetwork(folder: string): Promise<Run> {
  const run =
    (await readRun(layoutOf(resolve(folder)))) ?? fail('LocalNotRunning', { folder: resolve(folder) })
  noteOrigin(run.origin)
  return run
}

/** Address of the network that a command is about. Error: LocalNotRunning. */
export async function networkUrl({ url, folder }: Settings): Promise<string> {
  return url?.replace(/\/$/, '') ?? (await runningNetwork(folder)).origin
}
