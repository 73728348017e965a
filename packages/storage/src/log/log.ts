import { BanyanError, banyanError, fail } from '@banyan/base'
import type { Disk } from '../disk.js'
import { recordHeaderBytes } from './format.js'
import { checkOptions, type LogOptions } from './options.js'
import { type LogRecord, readRecords } from './read.js'
import { recoverLog, type TailCut } from './recovery.js'
import { dropAfter, dropSegmentsBefore } from './trim.js'
import { rollSegment, writeBatch } from './write.js'

/** Most records that wait for the disk; their bytes are bounded by the size of a segment. */
const maxWaiting = 4096

/** An append-only log. After any failure of the disk it refuses to write until it is opened again. */
export type Log = {
  /** What recovery cut from the end when the log was opened, if anything. */
  readonly cut: TailCut | undefined
  /** Sequence of the first record of the oldest segment; 1 in a log that was never pruned. */
  readonly first: () => number
  /** Sequence of the newest durable record; `first() - 1` if there is none. */
  readonly last: () => number
  /**
   * Adds one record made of `parts`, which must not change until the promise settles; resolves to its sequence
   * when it is durable. Records get sequences in the order of the calls. Rejects with `OptionInvalid` if there
   * are no bytes, `RecordTooLarge`, `LogBusy` if too much waits already, `LogClosed`, `DiskFull`, `DiskFailed`.
   * After a failure of the disk the record may or may not be there when the log is opened again.
   */
  readonly append: (parts: readonly Uint8Array[]) => Promise<number>
  /**
   * Streams the records from `sequence` to the one that is the last when reading begins. Throws `OptionInvalid`
   * if some of them were pruned, `LogDamaged`, `DiskFailed`.
   */
  readonly readFrom: (sequence: number) => AsyncGenerator<LogRecord, void, undefined>
  /** Drops all records after `sequence`, durably. Rejects with `OptionInvalid` while somebody reads. */
  readonly truncateAfter: (sequence: number) => Promise<void>
  /** Removes whole segments that hold only records before `sequence`; never the newest segment. */
  readonly pruneBefore: (sequence: number) => Promise<void>
  /** Finishes the work that waits, then closes the file. Readers must have ended. */
  readonly close: () => Promise<void>
}

type Waiting = {
  readonly parts: readonly Uint8Array[]
  /** Bytes in the file. */
  readonly bytes: number
  readonly resolve: (sequence: number) => void
  readonly reject: (reason: unknown) => void
}

/** Opens the log `options.name`, or makes it. Throws `LogDamaged`, `FormatUnknown`, `DiskFull`, `DiskFailed`. */
export async function openLog(disk: Disk, options: LogOptions): Promise<Log> {
  checkOptions(options)
  const { state, cut } = await recoverLog(disk, options)
  const waiting: Waiting[] = []
  let waitingBytes = 0
  let readers = 0
  let refusal: unknown
  let turn: Promise<unknown> = Promise.resolve()

  /** From now on everything is refused for `reason`. */
  const stop = (reason: unknown): void => {
    refusal = reason
    for (const item of waiting.splice(0)) item.reject(reason)
  }

  /** Runs one piece of work at a time, in the order of the calls; the first failure stops the log. */
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const result = turn.then(async () => {
      if (refusal !== undefined) throw refusal
      try {
        await work()
      } catch (error) {
        if (!(error instanceof BanyanError && error.kind === 'OptionInvalid')) stop(error)
        throw error
      }
    })
    turn = result.catch(() => undefined)
    return result
  }

  /** Takes the waiting records that fit the segment. */
  const takeBatch = (): Waiting[] => {
    let offset = state.end.offset
    let count = 0
    while (count < waiting.length && offset + waiting[count]!.bytes <= options.segmentBytes) {
      offset += waiting[count++]!.bytes
    }
    waitingBytes -= offset - state.end.offset
    return waiting.splice(0, count)
  }

  /** Makes one batch durable; only then are its callers told. */
  const flush = async (): Promise<void> => {
    if (waiting.length === 0) return
    if (state.end.offset + waiting[0]!.bytes > options.segmentBytes) await rollSegment(state)
    const batch = takeBatch()
    let sequence = state.end.next
    try {
      await writeBatch(
        state,
        batch.map((item) => item.parts),
      )
    } catch (error) {
      for (const item of batch) item.reject(error)
      throw error
    }
    for (const item of batch) item.resolve(sequence++)
    schedule()
  }

  /** Appenders learn of a failure from their own promises. */
  const schedule = (): void => {
    if (waiting.length > 0) inTurn(flush).catch(() => undefined)
  }

  const append = (parts: readonly Uint8Array[]): Promise<number> =>
    new Promise((resolve, reject) => {
      if (refusal !== undefined) throw refusal
      let size = 0
      for (const part of parts) size += part.length
      const bytes = recordHeaderBytes + size
      if (size === 0) fail('OptionInvalid', { option: 'parts', reason: 'no bytes' })
      if (size > options.maxRecordBytes) fail('RecordTooLarge', { size, limit: options.maxRecordBytes })
      if (waiting.length === maxWaiting || waitingBytes + bytes > options.segmentBytes) {
        fail('LogBusy', { name: options.name })
      }
      waitingBytes += bytes
      waiting.push({ parts, bytes, resolve, reject })
      if (waiting.length === 1) schedule()
    })

  async function* readFrom(sequence: number): AsyncGenerator<LogRecord, void, undefined> {
    await turn
    readers++
    try {
      yield* readRecords(state, sequence, state.end.next - 1)
    } finally {
      readers--
    }
  }

  const truncateAfter = (sequence: number): Promise<void> =>
    inTurn(async () => {
      if (readers > 0) fail('OptionInvalid', { option: 'truncateAfter', reason: 'the log is being read' })
      await dropAfter(state, sequence)
    })

  const close = async (): Promise<void> => {
    if (refusal instanceof BanyanError && refusal.kind === 'LogClosed') return
    while (waiting.length > 0) await turn
    await turn
    stop(banyanError('LogClosed', { name: options.name }))
    await state.file.close()
  }

  return {
    cut,
    first: () => state.segments[0]!,
    last: () => state.end.next - 1,
    append,
    readFrom,
    truncateAfter,
    pruneBefore: (sequence) => inTurn(() => dropSegmentsBefore(state, sequence)),
    close,
  }
}
