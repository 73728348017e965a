import { resolve } from 'node:path'
import { removeState } from '@banyan/local/state'
import type { Context } from '../command-spec.js'
import { confirm } from '../confirm.js'

/** Removes the chain and the keys of its people. Snapshots and accounts of the user stay. */
export async function run(context: Context): Promise<undefined> {
  const { settings, output } = context
  const folder = resolve(settings.folder)
  await confirm(context, `Remove the chain in ${folder} for good?`, 'removing a chain')
  const chainId = await removeState(folder)
  output.result({ removed: folder, chainId: chainId ?? null }, [
    `Chain ${chainId ?? '(damaged)'} is gone. The next \`banyan up\` makes another one.`,
  ])
}
