import { concatBytes, fail, toHex, utf8 } from '@banyan/base'
import { type CryptoProvider, tag } from '@banyan/crypto'
import type { JournalRecord } from '../events.js'
import type { RecordStore } from './store.js'

/** Text of a record, its sequence, and the hash that chains it to all records before. */
export type StoredRecord = { readonly sequence: number; readonly text: string; readonly chain: string }

export type Journal = {
  readonly last: () => number
  /** Hash over all records up to the newest. */
  readonly chain: () => string
  /** What that hash will be after one more record. */
  readonly chainWith: (text: string) => string
  /** Resolves when the record is durable, to its sequence. Errors: those of `append` of a store. */
  readonly append: (text: string) => Promise<number>
  /** At most `limit` records from `sequence` on. Errors: those of `readFrom` of a store. */
  readonly read: (sequence: number, limit: number) => Promise<readonly StoredRecord[]>
  readonly close: () => Promise<void>
}

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
 * there or not. Errors: those of `readFrom` of a store, FormatUnknown, StoreFailed if a record is missing.
 */
export async function openJournal(
  store: RecordStore,
  crypto: Pick<CryptoProvider, 'sha256'>,
  take: (sequence: number, record: JournalRecord) => void,
): Promise<Journal> {
  /** Hash before record `i * markEvery + 1`. */
  const marks: string[] = [start]
  let chain = start

  const note = (sequence: number, text: string): void => {
    chain = extend(crypto, chain, text)
    if (sequence % markEvery === 0) marks.push(chain)
  }
  let count = 0
  for await (const { sequence, text } of store.readFrom(1)) {
    if (sequence !== ++count) fail('StoreFailed', { reason: `record ${count} of the journal is missing` })
    take(sequence, readRecord(text))
    note(sequence, text)
  }

  const read = async (from: number, limit: number): Promise<readonly StoredRecord[]> => {
    const mark = Math.min(Math.floor((from - 1) / markEvery), marks.length - 1)
    let at = marks[mark]!
    const found: StoredRecord[] = []
    for await (const { sequence, text } of store.readFrom(mark * markEvery + 1)) {
      at = extend(crypto, at, text)
      if (sequence >= from) found.push({ sequence, text, chain: at })
      if (found.length >= limit) break
    }
    return found
  }

  return {
    last: store.last,
    chain: () => chain,
    chainWith: (text) => extend(crypto, chain, text),
    append: async (text) => {
      const sequence = await store.append(text)
      note(sequence, text)
      return sequence
    },
    read,
    close: store.close,
  }
}

/** Errors: FormatUnknown. */
export function readRecord(text: string): JournalRecord {
  const record = JSON.parse(text) as JournalRecord
  if (record.format !== 1)
    fail('FormatUnknown', { path: 'central', given: String(record.format), expected: 1 })
  return record
}
