import type { Hash } from '@banyan/base'
import type { CryptoProvider } from '@banyan/crypto'
import { maxBatchBytes } from '@banyan/ledger'
import type { Disk } from '@banyan/storage'
import { reader } from '../engine/bytes.js'
import { openIdentity } from './identity.js'
import { journalLog } from './names.js'
import { openRepaired } from './open-logs.js'

/** What was taken into the mempool, kept over a restart. */
export type Journal = {
  /** What the folder held when it was opened, in the order of arrival. Much of it may be included or expired by now. */
  readonly found: () => AsyncGenerator<readonly Uint8Array[], void, undefined>
  /** Resolves when the envelopes are durable. Errors: LogBusy, DiskFull, DiskFailed. */
  readonly add: (envelopes: readonly Uint8Array[]) => Promise<void>
  /** Waits for all that was begun and closes the folder. */
  readonly close: () => Promise<void>
}

export type JournalOptions = {
  /** A folder of its own. It belongs to the journal from the call on, which closes it, also when opening fails. */
  readonly disk: Disk
  readonly provider: CryptoProvider
  readonly genesisId: Hash
  /** All envelopes of the mempool, in the order of arrival. */
  readonly held: () => Iterable<Uint8Array>
}

/** A record takes no more envelopes when it has so many bytes. */
const recordBytes = 2 ** 20
const limits = { segmentBytes: 2 ** 25, maxRecordBytes: recordBytes + maxBatchBytes } as const
/** The journal is written anew when it has grown by a segment, and by so many times what was held the last time. */
const growth = 3

/** Opens or makes the journal. Errors: GenesisMismatch, SnapshotInvalid, DiskFull, DiskFailed. */
export async function openJournal(options: JournalOptions): Promise<Journal> {
  try {
    return await open(options)
  } catch (error) {
    await options.disk.close()
    throw error
  }
}

async function open({ disk, provider, genesisId, held }: JournalOptions): Promise<Journal> {
  const identity = await openIdentity(disk, provider, genesisId, journalLog)
  const log = await openRepaired(disk, { name: journalLog, identity, ...limits })
  const newest = log.last()
  /** Bytes added since the journal was written anew, and bytes that were written then. */
  let [added, kept] = [0, 0]
  let rewriting: Promise<void> = Promise.resolve()

  async function* found(): AsyncGenerator<readonly Uint8Array[], void, undefined> {
    if (newest < log.first()) return
    for await (const { sequence, payload } of log.readFrom(log.first())) {
      if (sequence > newest) return
      added += payload.length
      yield decode(payload)
    }
  }

  /** Writes what is still held once more, and removes what comes before it. */
  const rewrite = async (): Promise<void> => {
    let first: number | undefined
    kept = 0
    for (const record of recordsOf([...held()])) {
      const sequence = await log.append([record])
      first ??= sequence
      kept += record.length
    }
    await log.pruneBefore(first ?? log.last() + 1)
  }

  const add = async (envelopes: readonly Uint8Array[]): Promise<void> => {
    const records = [...recordsOf(envelopes)]
    for (const { length } of records) added += length
    if (added > limits.segmentBytes + growth * kept) {
      added = 0
      rewriting = rewriting.then(rewrite)
    }
    // What comes now stays behind what came before.
    await rewriting
    await Promise.all(records.map((record) => log.append([record])))
  }

  const close = async (): Promise<void> => {
    await rewriting.catch(() => undefined)
    await log.close()
    await disk.close()
  }

  return { found, add, close }
}

/** Records: each envelope with its length in front. */
function* recordsOf(envelopes: readonly Uint8Array[]): Generator<Uint8Array, void, undefined> {
  for (let from = 0, to = 0; from < envelopes.length; from = to) {
    let bytes = 0
    while (to < envelopes.length && bytes < recordBytes) bytes += 4 + envelopes[to++]!.length
    yield encode(envelopes.slice(from, to), bytes)
  }
}

function encode(envelopes: readonly Uint8Array[], length: number): Uint8Array {
  const record = new Uint8Array(length)
  const view = new DataView(record.buffer)
  let at = 0
  for (const envelope of envelopes) {
    view.setUint32(at, envelope.length, true)
    record.set(envelope, at + 4)
    at += 4 + envelope.length
  }
  return record
}

function decode(record: Uint8Array): readonly Uint8Array[] {
  const from = reader(record)
  const envelopes: Uint8Array[] = []
  for (let left = record.length; left > 0; left -= envelopes.at(-1)!.length + 4) {
    envelopes.push(from.bytes(maxBatchBytes))
  }
  return envelopes
}
