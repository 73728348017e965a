import { BanyanError, banyanError } from '@banyan/base'
import { openNodeDisk } from '@banyan/storage/node'
import type { Layout } from './layout.js'
import { readRun } from './run-file.js'

/**
 * Takes the folder for this process, until the returned function is called. Error: LocalRunning, with what the one that
 * runs says about itself.
 */
export async function lockLocal(layout: Layout): Promise<() => Promise<void>> {
  const { root: folder } = layout
  try {
    return (await openNodeDisk(folder)).close
  } catch (error) {
    if (!(error instanceof BanyanError) || error.kind !== 'FolderLocked') throw error
    const run = await readRun(layout)
    const pid = Number(error.details['pid'])
    throw banyanError('LocalRunning', { folder, pid, origin: run?.origin ?? 'still starting' }, error)
  }
}
