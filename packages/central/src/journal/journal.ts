import { concatBytes, fail, toHex, utf8 } from '@banyan/base'
import { type CryptoProvider, tag } from '@banyan/crypto'
import { type Disk, openLog } from '@banyan/storage'
import type { JournalRecord } from '../events.js'

/** Text of a record, its sequence, and the hash that chains it to all records before. */
export type StoredRecord = { readonly sequence: number; readonly text: string; readonly chain: string }

export type Journal = {
  readonly last: () => number
  /** Hash over all records up to the newest. */
  readonly chain: () => string
  /** What that hash will be after one more record. */
  readonly chainWith: (text: string) => string
  /** Resolves when the record is durable, to its sequence. Errors: RecordTooLarge, LogBusy, DiskFull, DiskFailed. */
  readonly append: (text: string) => Promise<number>
  /** At most `limit` records from `sequence` on. Errors: LogDamaged, DiskFailed. */
  readonly read: (sequence: number, limit: number) => Promise<readonly StoredRecord[]>
  readonly close: () => Promise<void>
}

const logLimits = { segmentBytes: 2 ** 24, maxRecordBytes: 2 ** 20 } as const

const start = '0'.repeat(64)
/** Every so many records a hash of the chain is kept in memory, so that reading need not begin at the first record. */
const markEvery = 256

/** Hash of a chain that goes on with a record. */
function extend(crypto: Pick<CryptoProvider, 'sha256'>, chain: string, text: string): string {
  return toHex(
    crypto.sha256(concatBytes(tag('banyan/central'), utf8(chain), crypto.sha256(utf8(text)))),
  ).slice(2)
}

/**
 * Opens the journal of central; every record goes to `take`, the oldest first, before this resolves. A record that was not acknowledged may be
 * there or not. Errors: those of `openLog`.
 */
export async function openJournal(
  disk: Disk,
  crypto: Pick<CryptoProvider, 'sha256'>,
  take: (sequence: number, record: JournalRecord) => void,
): Promise<Journal> {
  const identity = crypto.sha256(utf8('banyan/central journal'))
  const log = await openLog(disk, { name: 'central', identity, ...logLimits })
  /** Hash before record `i * markEvery + 1`. */
  const marks: string[] = [start]
  let chain = start

  const note = (sequence: number, text: string): void => {
    chain = extend(crypto, chain, text)
    if (sequence % markEvery === 0) marks.push(chain)
  }
  for await (const { sequence, payload } of log.readFrom(log.first())) {
    const text = new TextDecoder().decode(payload)
    take(sequence, readRecord(text))
    note(sequence, text)
  }

  const read = async (from: number, limit: number): Promise<readonly StoredRecord[]> => {
    const mark = Math.min(Math.floor((from - 1) / markEvery), marks.length - 1)
    let at = marks[mark]!
    const found: StoredRecord[] = []
    for await (const { sequence, payload } of log.readFrom(mark * markEvery + 1)) {
      const text = new TextDecoder().decode(payload)
      at = extend(crypto, at, text)
      if (sequence >= from) found.push({ sequence, text, chain: at })
      if (found.length >= limit) break
    }
    return found
  }

  return {
    last: log.last,
    chain: () => chain,
    chainWith: (text) => extend(crypto, chain, text),
    append: async (text) => {
      const sequence = await log.append([utf8(text)])
      note(sequence, text)
      return sequence
    },
    read,
    close: log.close,
  }
}

/** Errors: FormatUnknown. */
export function readRecord(text: string): JournalRecord {
  const record = JSON.parse(text) as JournalRecord
  if (record.format !== 1)
    fail('FormatUnknown', { path: 'central', given: String(record.format), expected: 1 })
  return record
}
