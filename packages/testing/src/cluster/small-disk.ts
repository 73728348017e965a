import { spawnSync } from 'node:child_process'
import { mkdir, rm, statfs, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** A file system of its own in memory, which can be filled. */
export type SmallDisk = {
  /** Takes all space but this many bytes. */
  readonly fill: (left: number) => Promise<void>
  readonly free: () => Promise<void>
  readonly unmount: () => void
}

const size = '64m'
const filler = 'filler'

/** Why no such disk can be had here; nothing if one can. */
export function smallDiskReason(): string | undefined {
  return process.platform === 'linux' && process.getuid?.() === 0
    ? undefined
    : 'only root on Linux may mount a small disk'
}

/** Mounts a disk at a folder, which is made. It is unmounted with this process at the latest. */
export async function useSmallDisk(folder: string): Promise<SmallDisk> {
  await mkdir(folder, { recursive: true })
  const { status, stderr } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'banyan', folder])
  if (status !== 0) throw new Error(`mount: ${stderr}`)
  const unmount = (): void => {
    process.off('exit', unmount)
    spawnSync('umount', ['-l', folder])
  }
  process.on('exit', unmount)
  return {
    fill: async (left) => {
      const { bavail, bsize } = await statfs(folder)
      await writeFile(join(folder, filler), new Uint8Array(Math.max(0, bavail * bsize - left)))
    },
    free: () => rm(join(folder, filler)),
    unmount,
  }
}
