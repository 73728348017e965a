import { stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** Where miners of a root user keep packages unless they are told otherwise (docs/miner.md). */
const folderOfRoot = '/var/lib/banyan-miner'
const enterByOthers = 0o001

/** A folder that workloads can enter: they are another user where this one is root, whose folders are often closed to others. */
export async function reachableFolder(folder: string): Promise<string> {
  if (process.getuid?.() !== 0) return folder
  for (let path = dirname(folder); ; path = dirname(path)) {
    const { mode } = await stat(path)
    if ((mode & enterByOthers) === 0) return folderOfRoot
    if (path === dirname(path)) return folder
  }
}

/** Where a miner with this folder unpacks packages. */
export const packagesOf = (folder: string): string => join(folder, 'packages')
