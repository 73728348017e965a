import { rm } from 'node:fs/promises'
import { fail } from '@banyan/base'
import { layoutOf } from './layout.js'
import { lockLocal } from './lock.js'
import { endOrphans } from './run-file.js'
import { chainIdOf, hasNetwork } from './state-folder.js'

/**
 * Removes the network of a folder: chain, keys of its people, packages, logs. Snapshots stay. Returns the id of the chain that is
 * gone, or nothing where it was damaged beyond reading. Errors: StateMissing, LocalRunning.
 */
export async function removeState(folder: string): Promise<number | undefined> {
  const layout = layoutOf(folder)
  if (!(await hasNetwork(layout))) fail('StateMissing', { folder })
  const chainId = await chainIdOf(layout)
  const unlock = await lockLocal(layout)
  try {
    await endOrphans(layout)
    for (const path of [layout.network, layout.packages, layout.logs])
      await rm(path, { recursive: true, force: true })
  } finally {
    await unlock()
  }
  return chainId
}
