import { crc32 } from 'node:zlib'
import { BanyanError, fail, registryError } from '@banyan/base'
import { ClassicLevel } from 'classic-level'

/** Changes that are made together or not at all. */
export type Change =
  | { readonly type: 'put'; readonly key: Uint8Array; readonly value: Buffer }
  | { readonly type: 'del'; readonly key: Uint8Array }

/** Keys from `gte` on, below `lt`. */
export type KeyRange = { readonly gte: Uint8Array; readonly lt: Uint8Array }

/** A LevelDB folder whose values carry checksums. All that it does rejects with IndexDamaged, DiskFull or DiskFailed. */
export type Database = {
  readonly path: string
  readonly get: (key: Uint8Array) => Promise<Buffer | undefined>
  readonly entries: (range: KeyRange, newestFirst?: boolean) => AsyncGenerator<readonly [Buffer, Buffer]>
  /** Atomic, and durable when it resolves. */
  readonly write: (changes: readonly Change[]) => Promise<void>
  /** Removes all keys of a range; an interruption can leave some of them. */
  readonly clear: (range: KeyRange) => Promise<void>
  readonly close: () => Promise<void>
}

const checksumBytes = 4

/** A change that sets `key`. The checksum covers key and value, so that no value can stand in for another. */
export function put(key: Uint8Array, value: Uint8Array): Change {
  const sealed = Buffer.allocUnsafe(value.length + checksumBytes)
  sealed.set(value)
  sealed.writeUInt32LE(crc32(value, crc32(key)), value.length)
  return { type: 'put', key, value: sealed }
}

/** Opens a folder, or makes it. Errors: IndexDamaged, FolderLocked, DiskFull, DiskFailed. */
export async function openDatabase(folder: string): Promise<Database> {
  const level = new ClassicLevel<Uint8Array, Buffer>(folder, {
    keyEncoding: 'view',
    valueEncoding: 'buffer',
    // What is stored is packed already.
    compression: false,
  })

  const guarded = async <Result>(operation: string, work: () => Promise<Result>): Promise<Result> => {
    try {
      return await work()
    } catch (error) {
      throw translated(folder, operation, error)
    }
  }

  const checked = (key: Uint8Array, sealed: Buffer): Buffer => {
    const length = sealed.length - checksumBytes
    if (length < 0) damaged(folder, 'a value is too short')
    const value = sealed.subarray(0, length)
    if (sealed.readUInt32LE(length) !== crc32(value, crc32(key))) damaged(folder, 'a checksum is wrong')
    return value
  }

  async function* entries(range: KeyRange, newestFirst = false) {
    try {
      const options = { ...range, reverse: newestFirst, keyEncoding: 'buffer', valueEncoding: 'buffer' }
      for await (const [key, value] of level.iterator<Buffer, Buffer>({
        ...options,
        gte: Buffer.from(range.gte),
        lt: Buffer.from(range.lt),
      })) {
        yield [key, checked(key, value)] as const
      }
    } catch (error) {
      throw translated(folder, 'read', error)
    }
  }

  await guarded('open', () => level.open())
  return {
    path: folder,
    get: async (key) => {
      const sealed = await guarded('read', () => level.get(key))
      return sealed && checked(key, sealed)
    },
    entries,
    write: (changes) => guarded('write', () => level.batch([...changes], { sync: true })),
    clear: (range) => guarded('remove', () => level.clear(range)),
    close: () => level.close(),
  }
}

export function damaged(path: string, reason: string): never {
  return fail('IndexDamaged', { path, reason })
}

const closedCodes = new Set<unknown>(['LEVEL_DATABASE_NOT_OPEN', 'LEVEL_ITERATOR_NOT_OPEN'])

/** The registry error for a failure of LevelDB; an error that is none of its own stays as it is. */
function translated(path: string, operation: string, error: unknown): unknown {
  if (error instanceof BanyanError) return error
  const causes = causesOf(error)
  const text = causes.map(({ message }) => message).join('; ')
  const codes = causes.map((cause) => ('code' in cause ? cause.code : undefined))
  if (operation !== 'open' && codes.some((code) => closedCodes.has(code)))
    return registered('IndexClosed', { path })
  if (codes.includes('LEVEL_LOCKED')) return registered('FolderLocked', { path, pid: 'unknown' })
  if (codes.includes('LEVEL_CORRUPTION')) return registered('IndexDamaged', { path, reason: text })
  if (/no space left|ENOSPC/i.test(text)) return registered('DiskFull', { path })
  return registered('DiskFailed', { operation, path })

  function registered(
    name: 'FolderLocked' | 'IndexClosed' | 'IndexDamaged' | 'DiskFull' | 'DiskFailed',
    details: object,
  ) {
    return registryError(name, details as BanyanError['details'], error)
  }
}

function causesOf(error: unknown): Error[] {
  return error instanceof Error ? [error, ...causesOf(error.cause)] : []
}
