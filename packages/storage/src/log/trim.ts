import { fail } from '@banyan/base'
import {
  after,
  type ChainPoint,
  chainFrom,
  damaged,
  type LogState,
  openSegment,
  segmentFile,
} from './segment.js'

/**
 * Drops the records after `sequence`. If it is interrupted, the log ends anywhere between there and its old end.
 * Nobody may read meanwhile.
 */
export async function dropAfter(state: LogState, sequence: number): Promise<void> {
  const { disk, options, segments } = state
  const oldest = segments[0]!
  if (!Number.isSafeInteger(sequence) || sequence < oldest - 1) {
    fail('OptionInvalid', { option: 'sequence', reason: `not a sequence from ${oldest - 1} on` })
  }
  if (sequence >= state.end.next - 1) return
  const kept = segments.findLast((first) => first <= sequence) ?? oldest
  const { file, path, window, start } = await openSegment(disk, options, kept)
  const old = state.file
  state.file = file
  await old.close()
  let end: ChainPoint = start ?? damaged(path, 0)
  for await (const record of chainFrom(disk, window, end, options)) {
    if (record.sequence > sequence) break
    end = after(record)
  }
  if (end.next !== sequence + 1) damaged(path, end.offset)
  while (segments.at(-1)! > kept) {
    await disk.remove(segmentFile(options, segments.pop()!))
    // One by one: if removals became durable in another order, a crash could leave a gap.
    await disk.syncFolder()
  }
  state.marks.dropAfter(sequence)
  await file.truncate(end.offset)
  await file.sync()
  state.end = end
}

/** Removes segments, oldest first, that hold only records before `sequence`; never the newest segment. */
export async function dropSegmentsBefore(state: LogState, sequence: number): Promise<void> {
  const { disk, options, segments } = state
  while (segments.length > 1 && segments[1]! <= sequence) {
    const oldest = segments.shift()!
    state.marks.forget(oldest)
    await disk.remove(segmentFile(options, oldest))
    await disk.syncFolder()
  }
}
