import { constants } from 'node:fs'
import { cp, mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fail } from '@banyan/base'
import { diskError } from './json-file.js'
import { type Layout, layoutOf } from './layout.js'
import { lockLocal } from './lock.js'
import { endOrphans } from './run-file.js'
import { chainIdOf, hasNetwork } from './state-folder.js'

/** A copy of the whole network at a moment at which it did not run. */
export type Snapshot = {
  readonly name: string
  readonly chainId: number | undefined
  readonly savedAt: number
}

const nameForm = /^[A-Za-z0-9_-]{1,32}$/
/** Copies share their blocks with the originals where the file system can do that. */
const copying = { recursive: true, mode: constants.COPYFILE_FICLONE, preserveTimestamps: true } as const

/** Snapshots of a folder by name. */
export async function listSnapshots(folder: string): Promise<readonly Snapshot[]> {
  const { snapshots } = layoutOf(folder)
  const names = (await readdir(snapshots).catch(() => [])).filter((name) => nameForm.test(name)).sort()
  return Promise.all(
    names.map(async (name) => ({
      name,
      chainId: await chainIdOf({ ...layoutOf(folder), network: join(snapshots, name) }),
      savedAt: Math.round((await stat(join(snapshots, name))).ctimeMs),
    })),
  )
}

/**
 * Copies the network, all validators with what they have signed. Errors: NameUnfit, SnapshotTaken, StateMissing,
 * LocalRunning, DiskFull, DiskFailed.
 */
export async function saveSnapshot(folder: string, name: string): Promise<Snapshot> {
  const layout = layoutOf(folder)
  if (!(await hasNetwork(layout))) fail('StateMissing', { folder })
  await alone(layout, () => copyNetwork(layout, name))
  return (await listSnapshots(folder)).find((found) => found.name === name)!
}

/** The same for whoever holds the folder and has stopped the validators. Errors: NameUnfit, SnapshotTaken, DiskFull, DiskFailed. */
export async function copyNetwork(layout: Layout, name: string): Promise<void> {
  if (!nameForm.test(name)) fail('NameUnfit', { name, what: 'a snapshot' })
  await mkdir(layout.snapshots, { recursive: true })
  if ((await readdir(layout.snapshots)).includes(name))
    fail('SnapshotTaken', { name, folder: layout.snapshots })
  await copyAside(layout.network, join(layout.snapshots, name))
}

/**
 * Goes back to a snapshot, all validators together: what the network did since is gone. Errors: SnapshotUnknown,
 * LocalRunning, DiskFull, DiskFailed.
 */
export async function loadSnapshot(folder: string, name: string): Promise<Snapshot> {
  const layout = layoutOf(folder)
  const found = (await listSnapshots(folder)).find((snapshot) => snapshot.name === name)
  if (found === undefined) return fail('SnapshotUnknown', { name, folder: layout.snapshots })
  await alone(layout, async () => {
    const old = `${layout.network}.old`
    const loaded = `${layout.network}.loaded`
    await rm(old, { recursive: true, force: true })
    await copyAside(join(layout.snapshots, name), loaded)
    if (await hasNetwork(layout)) await rename(layout.network, old)
    await rename(loaded, layout.network)
    await rm(old, { recursive: true, force: true })
  })
  return found
}

/** With nobody else in the folder. */
async function alone(layout: Layout, act: () => Promise<void>): Promise<void> {
  const unlock = await lockLocal(layout)
  try {
    await endOrphans(layout)
    await act()
  } finally {
    await unlock()
  }
}

/** A copy that is there whole or not at all. */
async function copyAside(from: string, to: string): Promise<void> {
  const aside = `${to}.new`
  try {
    await rm(aside, { recursive: true, force: true })
    await cp(from, aside, copying)
    await rename(aside, to)
  } catch (error) {
    await rm(aside, { recursive: true, force: true })
    throw diskError(error, 'copy', to)
  }
}
