import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmdirSync } from 'node:fs'
import { mkdir, rm, statfs, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
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

function mount(folder: string): string | undefined {
  const { status, stderr } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'banyan', folder])
  return status === 0 ? undefined : `mount: ${stderr ?? 'there is no such program'}`
}

function unmountNow(folder: string): void {
  spawnSync('umount', ['-l', folder])
}

/** Why no such disk can be had here; nothing if one can, which is tried. */
export function smallDiskReason(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0)
    return 'only root on Linux may mount a small disk'
  const folder = mkdtempSync(join(tmpdir(), 'banyan-mount-'))
  const reason = mount(folder)
  if (reason === undefined) unmountNow(folder)
  rmdirSync(folder)
  return reason
}

/** Mounts a disk at a folder, which is made. It is unmounted with this process at the latest. */
export async function useSmallDisk(folder: string): Promise<SmallDisk> {
  await mkdir(folder, { recursive: true })
  const reason = mount(folder)
  if (reason !== undefined) throw new Error(reason)
  const unmount = (): void => {
    process.off('exit', unmount)
    unmountNow(folder)
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
