import { fail } from '@banyan/base'
import { after, type ChainPoint, chainFrom, damaged, type LogState, openSegment } from './segment.js'

export type LogRecord = {
  readonly sequence: number
  /** Not reused: the caller may keep it. Up to 1 MiB of its neighbours stay in memory with it. */
  readonly payload: Uint8Array
}

/** Streams the records `sequence` to `last`, which are durable. Segments may be pruned meanwhile. */
export async function* readRecords(
  { disk, options, segments, marks }: LogState,
  sequence: number,
  last: number,
): AsyncGenerator<LogRecord, void, undefined> {
  let next = sequence
  while (next <= last) {
    const wanted = next
    const first = segments.findLast((candidate) => candidate <= wanted)
    if (first === undefined) {
      fail('OptionInvalid', { option: 'sequence', reason: `records start at ${segments[0]}` })
    }
    const { file, path, window, start } = await openSegment(disk, options, first)
    try {
      let point: ChainPoint = marks.before(first, next) ?? start ?? damaged(path, 0)
      for await (const record of chainFrom(disk, window, point, options)) {
        marks.note(first, point)
        if (record.sequence >= sequence) yield { sequence: record.sequence, payload: record.payload }
        if (record.sequence === last) return
        point = after(record)
      }
      next = point.next
      // Only where the next segment begins may a segment end, unless what follows was pruned.
      const following = segments.find((candidate) => candidate > first)
      if (next !== following && next >= segments[0]!) damaged(path, point.offset)
    } finally {
      await file.close()
    }
  }
}
