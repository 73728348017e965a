import { fail } from '@banyan/base'
import type { Disk, DiskFile } from '../disk.js'
import { numberedName } from '../names.js'
import { type FileWindow, openWindow } from '../window.js'
import { decodeHeader, encodeHeader, headerBytes, recordAt, type StoredRecord } from './format.js'
import type { Marks } from './marks.js'
import type { LogOptions } from './options.js'

/** An open log: `file` is its newest segment, `end` the point up to which everything is durable. */
export type LogState = {
  readonly disk: Disk
  readonly options: LogOptions
  /** First sequences of the segments, ascending; never empty. */
  readonly segments: number[]
  readonly marks: Marks
  file: DiskFile
  end: ChainPoint
}

/** A place between two records: what the next record must continue. */
export type ChainPoint = {
  readonly offset: number
  /** Sequence of the next record. */
  readonly next: number
  /** Checksum of what comes before it. */
  readonly previous: number
}

export type OpenSegment = {
  readonly file: DiskFile
  readonly path: string
  readonly window: FileWindow
  /** Where the first record starts, and what the header says it follows; `undefined` if the header is damaged. */
  readonly start: (ChainPoint & { readonly follows: number }) | undefined
}

export function segmentFile(options: LogOptions, first: number): string {
  return numberedName(options.name, first, 'log')
}

/** Makes the segment for records from `next` on, durable with its name before it holds any record. */
export async function createSegment(
  disk: Disk,
  options: LogOptions,
  next: number,
  previous: number,
): Promise<{ readonly file: DiskFile; readonly start: ChainPoint }> {
  const file = await disk.create(segmentFile(options, next))
  try {
    const header = encodeHeader(disk, options.identity, next, previous)
    await file.append([header])
    await file.sync()
    await disk.syncFolder()
    const checksum = new DataView(header.buffer).getUint32(60, true)
    return { file, start: { offset: headerBytes, next, previous: checksum } }
  } catch (error) {
    await file.close()
    throw error
  }
}

/** Opens the segment named by `first`. Throws `FormatUnknown` if it is of another version or another log. */
export async function openSegment(disk: Disk, options: LogOptions, first: number): Promise<OpenSegment> {
  const name = segmentFile(options, first)
  const path = `${disk.path}/${name}`
  const file = await disk.open(name)
  try {
    const window = openWindow(file, await file.size())
    const bytes = await window.view(0, headerBytes)
    const header = bytes && decodeHeader(disk, bytes, options.identity, path)
    const start =
      header?.first === first
        ? { offset: headerBytes, next: first, previous: header.checksum, follows: header.previous }
        : undefined
    return { file, path, window, start }
  } catch (error) {
    await file.close()
    throw error
  }
}

/** The intact records from `from` on that continue each other, up to the first that does not. */
export async function* chainFrom(
  disk: Disk,
  window: FileWindow,
  from: ChainPoint,
  options: LogOptions,
): AsyncGenerator<StoredRecord, void, undefined> {
  let point = from
  for (;;) {
    const record = await recordAt(disk, window, point.offset, options)
    if (record === undefined) return
    if (record.sequence !== point.next || record.previous !== point.previous) return
    yield record
    point = after(record)
  }
}

export function after(record: StoredRecord): ChainPoint {
  return { offset: record.end, next: record.sequence + 1, previous: record.checksum }
}

/** Refuses to go on: bytes that were durable are missing or altered. */
export function damaged(path: string, offset: number): never {
  fail('LogDamaged', { path, offset })
}
