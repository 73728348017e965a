import { toHex } from '@banyan/base'
import { type LocalNetwork, startLocal } from '@banyan/local'
import type { Context } from '../command-spec.js'
import { exitCodes } from '../exit-codes.js'
import { hasKeys, keyLine, listenToKeys } from './up-keys.js'
import { createLogView } from './up-logs.js'
import { createProgress } from './up-progress.js'
import { readyLines } from './up-ready.js'

/** Starts the network and runs until a signal comes. */
export async function run(context: Context): Promise<number> {
  const { options, settings, output, signal } = context
  const progress = createProgress(output)
  const logs = createLogView(output)
  const begun = Date.now()
  const network = await startLocal({
    folder: settings.folder,
    port: settings.port,
    hasActivity: settings.activity,
    hasCompute: settings.compute && !settings.lite,
    isLite: settings.lite,
    isEphemeral: options['ephemeral'] === true,
    onEvent: (event) => {
      progress.onEvent(event)
      logs.onEvent(event)
    },
    signal,
  }).catch((error: unknown) => {
    progress.end()
    throw error
  })
  output.result(await documentOf(network), readyLines(output.paint, network, Date.now() - begun))
  const endKeys = hasKeys(context) ? listenToKeys(context, network, logs) : undefined
  if (endKeys !== undefined) output.talk(output.talkPaint.quiet(`  ${keyLine}`))
  if (!signal.aborted)
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
  endKeys?.()
  progress.end()
  output.talk('')
  output.transient('  Stopping …')
  const stopping = Date.now()
  await network.stop()
  const seconds = ((Date.now() - stopping) / 1_000).toFixed(1)
  output.talk(
    options['ephemeral'] === true ? `  Stopped in ${seconds} s, and removed.` : `  Stopped in ${seconds} s.`,
  )
  return exitCodes.done
}

async function documentOf({ origin, chainId, people, status }: LocalNetwork) {
  const { parts } = await status()
  return {
    origin,
    rpc: `${origin}/rpc`,
    ws: `${origin.replace('http', 'ws')}/ws`,
    chainId,
    accounts: people.map(({ name, address }) => ({ name, address: toHex(address) })),
    parts: parts.map(({ name, state, pid, ports }) => ({ name, state, pid, ports })),
  }
}
