import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { banyanError } from '@banyan/base'
import { layoutOf, readRun } from '@banyan/local/state'
import type { Context } from '../command-spec.js'
import { runningNetwork } from '../running.js'

const pollMs = 50

/** Asks the supervisor to stop, and waits until it is gone. */
export async function run({ settings, output, signal }: Context): Promise<undefined> {
  const { pid, origin } = await runningNetwork(settings.folder)
  const layout = layoutOf(resolve(settings.folder))
  process.kill(pid, 'SIGTERM')
  const end = Date.now() + settings.timeout * 1_000
  while ((await readRun(layout)) !== undefined) {
    signal.throwIfAborted()
    if (Date.now() > end)
      throw banyanError('WaitedTooLong', { what: 'The end of the network', seconds: settings.timeout })
    await sleep(pollMs)
  }
  output.result({ stopped: true, pid, origin }, [`The network at ${origin} has stopped.`])
}
