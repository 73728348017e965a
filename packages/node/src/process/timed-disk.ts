import type { Disk, DiskFile } from '@banyan/storage'

/** A disk that tells how long each of its syncs took, in ms, those that failed included. */
export function timedDisk(disk: Disk, now: () => number, onSync: (duration: number) => void): Disk {
  const timed = async (sync: () => Promise<void>): Promise<void> => {
    const start = now()
    try {
      await sync()
    } finally {
      onSync(now() - start)
    }
  }
  const timedFile = (file: DiskFile): DiskFile => ({ ...file, sync: () => timed(file.sync) })
  return {
    ...disk,
    create: async (name) => timedFile(await disk.create(name)),
    open: async (name) => timedFile(await disk.open(name)),
    syncFolder: () => timed(disk.syncFolder),
  }
}
