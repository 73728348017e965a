import { type FileHandle, mkdir, open, rm, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { banyanError } from '@banyan/base'

/** Files for bodies of requests that are too large for memory, until their requests are over. Nothing in them outlives the process. */
export type Spool = {
  /** `undefined` if there is no room. */
  readonly open: () => SpoolFile | undefined
}

export type SpoolFile = {
  /** Adds bytes, which must not change. Returns false if there is no room, or if the disk is slow or full; then nothing more is added. */
  readonly append: (bytes: Uint8Array) => boolean
  /** Bytes that can be read. */
  readonly written: () => number
  /** Bytes from an offset below `written` on; `undefined` if they cannot be read. */
  readonly read: (offset: number) => Promise<Uint8Array | undefined>
  readonly drop: () => void
}

export type SpoolLimits = {
  /** Bytes in one file, and in all. */
  readonly each: number
  readonly total: number
  /** Bytes on the disk that are left to others. */
  readonly free: number
}

/** Bytes of one file that wait for the disk: beyond them it is too slow. */
const maxBehind = 2 ** 24
const readBytes = 2 ** 19

/** Makes the folder, empty. Error: DiskFailed. */
export async function openSpool(folder: string, limits: SpoolLimits): Promise<Spool> {
  try {
    await rm(folder, { recursive: true, force: true })
    await mkdir(folder, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw banyanError('DiskFailed', { operation: 'create', path: folder }, error)
  }
  let used = 0
  let count = 0
  return {
    open: () => {
      if (used >= limits.total) return undefined
      const path = join(folder, String(++count))
      return createFile(path, limits, (bytes) => {
        if (used + bytes > limits.total) return false
        used += bytes
        return true
      })
    },
  }
}

function createFile(path: string, { each, free }: SpoolLimits, take: (bytes: number) => boolean): SpoolFile {
  let file: FileHandle | undefined
  let waiting: Uint8Array[] = []
  let size = 0
  let written = 0
  let isFull = false
  let isDropped = false
  let turn: Promise<void> | undefined

  const write = async (): Promise<void> => {
    if (file === undefined) {
      const { bavail, bsize } = await statfs(join(path, '..'))
      if (bavail * bsize < free) {
        isFull = true
        return
      }
      file = await open(path, 'wx+', 0o600)
    }
    while (waiting.length > 0 && !isDropped) {
      const batch = waiting
      waiting = []
      for (let rest: Uint8Array[] = batch; rest.length > 0; ) {
        const { bytesWritten } = await file.writev(rest, written)
        written += bytesWritten
        rest = without(rest, bytesWritten)
      }
    }
  }
  const remove = async (): Promise<void> => {
    await turn
    take(-size)
    await file?.close()
    await rm(path, { force: true })
  }
  return {
    append: (bytes) => {
      const next = size + bytes.length
      isFull ||= next > each || next - written > maxBehind || !take(bytes.length)
      if (isFull || isDropped) return false
      size = next
      waiting.push(bytes)
      turn ??= write()
        .catch(() => {
          isFull = true
        })
        .finally(() => {
          turn = undefined
        })
      return true
    },
    written: () => written,
    read: async (offset) => {
      const bytes = Buffer.allocUnsafe(Math.min(readBytes, written - offset))
      try {
        const { bytesRead } = await file!.read(bytes, 0, bytes.length, offset)
        return bytesRead === 0 ? undefined : bytes.subarray(0, bytesRead)
      } catch {
        return undefined
      }
    },
    drop: () => {
      if (isDropped) return
      isDropped = true
      // What cannot be removed goes at the next start.
      remove().catch(() => undefined)
    },
  }
}

/** What is left of pieces after so many bytes. */
function without(pieces: readonly Uint8Array[], bytes: number): Uint8Array[] {
  let skip = bytes
  let whole = 0
  while (whole < pieces.length && pieces[whole]!.length <= skip) skip -= pieces[whole++]!.length
  const cut = pieces[whole]
  return cut === undefined ? [] : [cut.subarray(skip), ...pieces.slice(whole + 1)]
}
