import { link, readFile, rename, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fail } from '@banyan/base'
import { hasCode } from './failure.js'

export const lockFile = 'lock'

/**
 * When process `pid` started, in the system's ticks since boot, field 22 of proc(5) `stat`; empty where the
 * system does not tell. With it a lock is not mistaken for that of a later process with the same id.
 */
async function startOf(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  // The second field, in parentheses, may contain spaces.
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
}

async function isAlive(pid: number, start: string): Promise<boolean> {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if (hasCode(error, 'ESRCH')) return false
  }
  return (await startOf(pid)) === start
}

/**
 * Takes the lock of `folder`: a file with the id and start time of its owner. A lock whose owner is dead is taken
 * over. Throws `FolderLocked`. Processes in containers that do not see each other cannot see each other's life.
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const lock = join(folder, lockFile)
  const own = join(folder, `${lockFile}.${process.pid}`)
  const text = `${process.pid} ${await startOf(process.pid)}`
  for (let attempts = 0; attempts < 10; attempts++) {
    await writeFile(own, text)
    try {
      // Unlike writing, linking makes the lock and its content appear at once, or fails if there is one.
      await link(own, lock)
      await unlink(own)
      return () => unlink(lock)
    } catch (error) {
      await unlink(own)
      if (!hasCode(error, 'EEXIST')) throw error
    }
    const held = await readFile(lock, 'utf8').catch(() => '')
    const [id, start = ''] = held.split(' ')
    const pid = Number(id)
    if (Number.isSafeInteger(pid) && pid > 0 && (await isAlive(pid, start))) {
      fail('FolderLocked', { path: folder, pid })
    }
    await removeStale(lock, held)
  }
  return fail('FolderLocked', { path: folder, pid: 0 })
}

/** Removes the lock if it still is the one that was read: another process may have taken it over meanwhile. */
async function removeStale(lock: string, text: string): Promise<void> {
  const aside = `${lock}.stale.${process.pid}`
  try {
    await rename(lock, aside)
    if ((await readFile(aside, 'utf8')) !== text) await link(aside, lock)
    await unlink(aside)
  } catch (error) {
    if (!hasCode(error, 'ENOENT') && !hasCode(error, 'EEXIST')) throw error
  }
}
