/**
 * The port between stored formats and a disk: the files of one folder. Nothing written, created, renamed or
 * removed is durable before the matching `sync` or `syncFolder` has resolved.
 *
 * Every operation rejects with `DiskFull` when no space is left and with `DiskFailed` for all other reasons.
 * After a rejected `sync` the state of the unsynced bytes is unknown, and a second `sync` proves nothing.
 */
export type Disk = {
  /** Where the files are, for messages. */
  readonly path: string
  /** CRC-32 (polynomial 0x04C11DB7, as in zlib) of `bytes`, continued from `seed`; the fastest of the platform. */
  readonly crc32: (bytes: Uint8Array, seed: number) => number
  /** Names of all files, in no particular order. */
  readonly list: () => Promise<readonly string[]>
  /** Makes an empty file, emptying the one that has this name, if any. */
  readonly create: (file: string) => Promise<DiskFile>
  /** Opens a file that exists. */
  readonly open: (file: string) => Promise<DiskFile>
  /** Gives `from` the name `to`, replacing the file of that name, if any. */
  readonly rename: (from: string, to: string) => Promise<void>
  readonly remove: (file: string) => Promise<void>
  /** Makes the created, renamed and removed names durable. */
  readonly syncFolder: () => Promise<void>
  /** Releases the folder. Files must be closed before. */
  readonly close: () => Promise<void>
}

export type DiskFile = {
  /** Bytes in the file. */
  readonly size: () => Promise<number>
  /** Writes `parts` one after the other at the end of the file. */
  readonly append: (parts: readonly Uint8Array[]) => Promise<void>
  /** Makes the bytes and the length of the file durable. */
  readonly sync: () => Promise<void>
  /** Fills `into` from `offset` on; returns the number of bytes read, fewer only at the end of the file. */
  readonly read: (offset: number, into: Uint8Array) => Promise<number>
  /** Shortens the file to `length` bytes. */
  readonly truncate: (length: number) => Promise<void>
  readonly close: () => Promise<void>
}
