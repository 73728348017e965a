import { type FileHandle, mkdir, open, readdir, rename, unlink } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { BanyanError } from '@banyan/base'
import type { Disk, DiskFile } from '../disk.js'
import { checksum } from './checksum.js'
import { attempt, diskError } from './failure.js'
import { lockFile, lockFolder } from './lock.js'

/**
 * Opens `folder`, which is made if it does not exist, for this process alone. Throws `FolderLocked`, `DiskFull`,
 * `DiskFailed`.
 */
export async function openNodeDisk(folder: string): Promise<Disk> {
  const path = resolve(folder)
  const unlock = await attempt('open', path, () => makeFolder(path)).then(() => takeLock(path))
  const at = (file: string): string => join(path, file)
  return {
    path,
    crc32: checksum,
    list: () =>
      attempt('list', path, async () => (await readdir(path)).filter((file) => !file.startsWith(lockFile))),
    create: async (file) => nodeFile(at(file), await attempt('create', at(file), () => open(at(file), 'w+'))),
    open: async (file) => nodeFile(at(file), await attempt('open', at(file), () => open(at(file), 'r+'))),
    rename: (from, to) => attempt('rename', at(from), () => rename(at(from), at(to))),
    remove: (file) => attempt('remove', at(file), () => unlink(at(file))),
    syncFolder: () => attempt('syncFolder', path, () => syncFolder(path)),
    close: () => attempt('close', path, unlock),
  }
}

async function takeLock(path: string): Promise<() => Promise<void>> {
  try {
    return await lockFolder(path)
  } catch (error) {
    throw error instanceof BanyanError ? error : diskError(error, 'lock', path)
  }
}

/** Makes the folder and makes its name, and the names of folders made on the way to it, durable. */
async function makeFolder(path: string): Promise<void> {
  const outermost = await mkdir(path, { recursive: true })
  if (outermost === undefined) return
  for (let made = path; made.length >= outermost.length; made = dirname(made)) {
    await syncFolder(dirname(made))
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

function nodeFile(path: string, file: FileHandle): DiskFile {
  /** Where the file ends: nobody else writes to it. Unknown at first, and while it changes. */
  let end: number | undefined
  const append = async (parts: readonly Uint8Array[]): Promise<void> => {
    const from = end ?? (await file.stat()).size
    end = undefined
    end = await writeAll(file, parts, from)
  }
  const truncate = (length: number): Promise<void> => {
    end = undefined
    return file.truncate(length)
  }
  return {
    size: () => attempt('size', path, async () => (await file.stat()).size),
    append: (parts) => attempt('write', path, () => append(parts)),
    sync: () => attempt('sync', path, () => file.datasync()),
    read: (offset, into) => attempt('read', path, () => readAll(file, offset, into)),
    truncate: (length) => attempt('truncate', path, () => truncate(length)),
    close: () => attempt('close', path, () => file.close()),
  }
}

/** Gives the new end. The system may write less than it is given, for example when the disk is almost full. */
async function writeAll(file: FileHandle, parts: readonly Uint8Array[], end: number): Promise<number> {
  let offset = end
  let rest = parts.filter((part) => part.length > 0)
  while (rest.length > 0) {
    let { bytesWritten } = await file.writev(rest, offset)
    offset += bytesWritten
    let whole = 0
    while (whole < rest.length && bytesWritten >= rest[whole]!.length) bytesWritten -= rest[whole++]!.length
    const cut = rest[whole]
    rest = cut === undefined ? [] : [cut.subarray(bytesWritten), ...rest.slice(whole + 1)]
  }
  return offset
}

async function readAll(file: FileHandle, offset: number, into: Uint8Array): Promise<number> {
  let done = 0
  while (done < into.length) {
    const { bytesRead } = await file.read(into, done, into.length - done, offset + done)
    if (bytesRead === 0) break
    done += bytesRead
  }
  return done
}
