import type { Disk, DiskFile } from '@banyan/storage'

/** A disk whose operations take the time that `wait` takes, those that make bytes durable above all. */
export function slowDisk(disk: Disk, wait: (operation: 'write' | 'sync') => Promise<void>): Disk {
  const slowFile = (file: DiskFile): DiskFile => ({
    ...file,
    append: async (parts) => {
      await wait('write')
      return file.append(parts)
    },
    sync: async () => {
      await wait('sync')
      return file.sync()
    },
  })
  return {
    ...disk,
    create: async (name) => slowFile(await disk.create(name)),
    open: async (name) => slowFile(await disk.open(name)),
    syncFolder: async () => {
      await wait('sync')
      return disk.syncFolder()
    },
  }
}
