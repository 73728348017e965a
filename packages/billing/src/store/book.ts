import { utf8 } from '@banyan/base'
import { openLog } from '@banyan/storage'
import { type JournalOptions, openJournal } from '../journal/journal.js'
import { decodeEvent, encodeEvent } from '../rollup/event.js'
import type { ChargeBook } from './port.js'

const segmentBytes = 2 ** 28
/** A plan with the most accounts of a period. */
const maxEventBytes = 2 ** 27

/** A book whose oldest rows can be dropped. */
export type LocalBook = ChargeBook & {
  /** Sequence of the oldest row that was not dropped; the next one's if there is none. */
  readonly first: () => number
  /** Drops whole files with only rows before a sequence. Errors: LogClosed, DiskFailed. */
  readonly dropBefore: (sequence: number) => Promise<void>
}

/** A book in two logs of one folder: `charges` and `payments`. Errors: those of `openJournal`. */
export async function openBook(options: JournalOptions): Promise<LocalBook> {
  const { disk, region, keccak256 } = options
  const journal = await openJournal(options)
  const identity = keccak256(utf8(`banyan/payments ${region}`))
  const events = await openLog(disk, {
    name: 'payments',
    identity,
    segmentBytes,
    maxRecordBytes: maxEventBytes,
  })
  return {
    append: journal.append,
    first: journal.first,
    dropBefore: journal.pruneBefore,
    last: async () => journal.last(),
    rows: journal.rows,
    record: async (event) => {
      await events.append([utf8(encodeEvent(event))])
    },
    events: async function* () {
      for await (const { payload } of events.readFrom(events.first()))
        yield decodeEvent(new TextDecoder().decode(payload))
    },
    close: async () => {
      await journal.close()
      await events.close()
    },
  }
}
