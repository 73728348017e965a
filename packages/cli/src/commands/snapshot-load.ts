import { resolve } from 'node:path'
import { hasNetwork, layoutOf, loadSnapshot } from '@banyan/local/state'
import type { Context } from '../command-spec.js'
import { confirm } from '../confirm.js'

export async function run(context: Context): Promise<undefined> {
  const { settings, output } = context
  const { name = '' } = context.arguments
  const folder = resolve(settings.folder)
  if (await hasNetwork(layoutOf(folder)))
    await confirm(context, `Replace the network in ${folder} by "${name}"?`, 'replacing a network')
  const snapshot = await loadSnapshot(folder, name)
  output.result(snapshot, [
    `The network is as it was in "${name}": chain ${snapshot.chainId}. Start it with banyan up.`,
  ])
}
