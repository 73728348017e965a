import { utf8 } from '@banyan/base'
import type { CryptoProvider } from '@banyan/crypto'
import { type Disk, openLog } from '@banyan/storage'

/** Where the records of a journal are, in their order. After a failure nothing more is written until it is opened again. */
export type RecordStore = {
  /** Sequence of the newest durable record; 0 if there is none. */
  readonly last: () => number
  /** Resolves when the record is durable, to its sequence. One call at a time. Errors: RecordTooLarge, LogBusy, StoreFailed, DiskFull, DiskFailed. */
  readonly append: (text: string) => Promise<number>
  /** Records from a sequence on, the oldest first. Errors: LogDamaged, StoreFailed, DiskFailed. */
  readonly readFrom: (sequence: number) => AsyncGenerator<StoredText, void, undefined>
  readonly close: () => Promise<void>
}

export type StoredText = { readonly sequence: number; readonly text: string }

/** Most bytes of a record. */
export const maxRecordBytes = 2 ** 20
const segmentBytes = 2 ** 24

/** Records in a log of a folder. Errors: those of `openLog`. */
export async function openLogStore(disk: Disk, crypto: Pick<CryptoProvider, 'sha256'>): Promise<RecordStore> {
  const identity = crypto.sha256(utf8('banyan/central journal'))
  const log = await openLog(disk, { name: 'central', identity, segmentBytes, maxRecordBytes })
  return {
    last: log.last,
    append: (text) => log.append([utf8(text)]),
    readFrom: async function* (from) {
      for await (const { sequence, payload } of log.readFrom(from))
        yield { sequence, text: new TextDecoder().decode(payload) }
    },
    close: log.close,
  }
}
