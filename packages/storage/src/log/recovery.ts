import type { Disk } from '../disk.js'
import { numbersOf } from '../names.js'
import { headerBytes, provesDurable } from './format.js'
import { Marks } from './marks.js'
import type { LogOptions } from './options.js'
import {
  after,
  type ChainPoint,
  chainFrom,
  createSegment,
  damaged,
  type LogState,
  type OpenSegment,
  openSegment,
  segmentFile,
} from './segment.js'

/** Bytes of an interrupted write that recovery removed from the end of a log. */
export type TailCut = { readonly file: string; readonly offset: number; readonly bytes: number }

export type RecoveredLog = { readonly state: LogState; readonly cut: TailCut | undefined }

/**
 * Checks every record of a log, cuts what an interrupted write left at its end, and makes the rest durable, since
 * records may have been written but not synced when the process died. Throws `LogDamaged`.
 */
export async function recoverLog(disk: Disk, options: LogOptions): Promise<RecoveredLog> {
  const found = numbersOf(await disk.list(), options.name, 'log')
  const segments: number[] = []
  let open: OpenSegment | undefined
  let end: ChainPoint | undefined
  let cut: TailCut | undefined
  try {
    for (const first of found) {
      const segment = await openSegment(disk, options, first)
      const isNewest = first === found.at(-1)
      if (isNewest && isUnfinished(segment) && first === (end?.next ?? 1)) {
        await segment.file.close()
        await disk.remove(segmentFile(options, first))
        cut = { file: segmentFile(options, first), offset: 0, bytes: segment.window.size }
        break
      }
      await open?.file.close()
      open = segment
      end = await checkSegment(disk, options, segment, end, isNewest)
      segments.push(first)
    }
    if (open === undefined || end === undefined) {
      const { file, start } = await createSegment(disk, options, 1, 0)
      return { state: { disk, options, segments: [1], marks: new Marks(), file, end: start }, cut }
    }
    if (end.offset < open.window.size) {
      cut = {
        file: segmentFile(options, segments.at(-1)!),
        offset: end.offset,
        bytes: open.window.size - end.offset,
      }
      await open.file.truncate(end.offset)
    }
    await open.file.sync()
    await disk.syncFolder()
    return { state: { disk, options, segments, marks: new Marks(), file: open.file, end }, cut }
  } catch (error) {
    await open?.file.close()
    throw error
  }
}

/** A segment gets records only when its header is durable, so one that is longer was finished once. */
function isUnfinished(segment: OpenSegment): boolean {
  return segment.start === undefined && segment.window.size <= headerBytes
}

/** The end of the intact chain in `segment`. Throws `LogDamaged` if records that were durable come after it. */
async function checkSegment(
  disk: Disk,
  options: LogOptions,
  segment: OpenSegment,
  before: ChainPoint | undefined,
  isNewest: boolean,
): Promise<ChainPoint> {
  const { start, window, path } = segment
  if (start === undefined) return damaged(path, 0)
  if (before !== undefined && (start.next !== before.next || start.follows !== before.previous)) {
    return damaged(path, 0)
  }
  let end: ChainPoint = start
  for await (const record of chainFrom(disk, window, start, options)) end = after(record)
  if (end.offset < window.size) {
    const durable = !isNewest || (await provesDurable(disk, window, end.offset, end.next, options))
    if (durable) damaged(path, end.offset)
  }
  return end
}
