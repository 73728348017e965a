import { banyanError, fail } from '@banyan/base'
import type { Revocation } from '@banyan/central-link'
import type { CryptoProvider } from '@banyan/crypto'
import type { Change, Context } from './change/change.js'
import type { CentralEvent, JournalRecord } from './events.js'
import { type Journal, openJournal, readRecord, type StoredRecord } from './journal/journal.js'
import { createRevocationList, revocationOf } from './journal/revocation.js'
import type { RecordStore } from './journal/store.js'
import { type CentralState, createState } from './state.js'
import type { Vault } from './vault.js'

export type CentralOptions = {
  readonly store: RecordStore
  readonly crypto: CryptoProvider
  readonly vault: Vault
  /** Public keys of those who certify DServices, 32 bytes each. */
  readonly authorities: readonly Uint8Array[]
  /** ms since the Unix epoch. */
  readonly now: () => number
  /** Whether this replica writes; the others copy its journal. */
  readonly writes: boolean
  /** The journal cannot be written: nothing more can be done until it is opened again. */
  readonly onFailure: (error: unknown) => void
}

export type Central = {
  readonly state: CentralState
  readonly isWriter: () => boolean
  /** Hash over the journal up to its newest record. */
  readonly chain: () => string
  /**
   * Carries out a command: one at a time, and its result is told when what it did is durable. `by` is who did it. Errors: those of the command,
   * NotWriter, CentralBusy, and those of the store, after which nothing more is done.
   */
  readonly change: <Result>(by: string, decide: (context: Context) => Change<Result>) => Promise<Result>
  /** Records from a sequence on, for followers and for the audit. Errors: LogDamaged, StoreFailed, DiskFailed. */
  readonly records: (from: number, limit: number) => Promise<readonly StoredRecord[]>
  /** Takes in records of the writer, in their order. Errors: JournalDiverged, NotWriter where this one writes, those of the disk. */
  readonly follow: (records: readonly StoredRecord[]) => Promise<void>
  /** Makes this replica the writer. The one before must have been stopped. Errors: those of the disk. */
  readonly promote: (by: string) => Promise<number>
  readonly revokedSince: (sequence: number) => readonly Revocation[] | undefined
  /** Calls the listener after every record; returns what ends that. */
  readonly onRecord: (listener: (sequence: number, revocation: Revocation | undefined) => void) => () => void
  /** Ends when what was begun is durable. */
  readonly close: () => Promise<void>
}

/** Most commands that wait for their turn. */
const maxWaiting = 1_024

/** Opens central from its journal, whose store is closed with it. Errors: those of `readFrom` of the store, FormatUnknown. */
export async function openCentral(options: CentralOptions): Promise<Central> {
  const state = createState()
  const revocations = createRevocationList()
  const listeners = new Set<(sequence: number, revocation: Revocation | undefined) => void>()

  const apply = (sequence: number, record: JournalRecord): Revocation | undefined => {
    state.apply(sequence, record)
    const revocation = revocationOf(sequence, record.events)
    if (revocation !== undefined) revocations.note(revocation)
    return revocation
  }

  const journal: Journal = await openJournal(options.store, options.crypto, apply)
  let writes = options.writes
  let waiting = 0
  let turn: Promise<unknown> = Promise.resolve()

  /** Work on the journal, one after the other. */
  const inTurn = <Result>(work: () => Promise<Result>): Promise<Result> => {
    if (waiting >= maxWaiting) return Promise.reject(banyanError('CentralBusy', { what: 'commands' }))
    waiting++
    const result = turn.then(work).finally(() => waiting--)
    turn = result.catch(() => undefined)
    return result
  }

  /** Nothing is known to anybody before it is durable. */
  const append = async (text: string): Promise<void> => {
    const sequence = await journal.append(text).catch((error: unknown) => {
      options.onFailure(error)
      throw error
    })
    // As it will be read again, not as it was made.
    const revocation = apply(sequence, readRecord(text))
    for (const listener of listeners) listener(sequence, revocation)
  }

  const write = (by: string, term: number, events: readonly CentralEvent[]): Promise<void> => {
    const record: JournalRecord = { format: 1, term, at: options.now(), by, events }
    return append(JSON.stringify(record))
  }

  return {
    state,
    isWriter: () => writes,
    chain: journal.chain,
    change: (by, decide) =>
      inTurn(async () => {
        if (!writes) fail('NotWriter')
        const { vault, crypto, authorities } = options
        const { events, result } = decide({ state, vault, crypto, authorities, now: options.now() })
        await write(by, state.term(), events)
        return result
      }),
    records: journal.read,
    follow: (records) =>
      inTurn(async () => {
        if (writes) fail('NotWriter')
        for (const { sequence, text, chain } of records) {
          if (sequence <= journal.last()) continue
          if (sequence !== journal.last() + 1 || journal.chainWith(text) !== chain)
            fail('JournalDiverged', { sequence: journal.last() })
          await append(text)
        }
      }),
    promote: (by) =>
      inTurn(async () => {
        if (writes) return state.term()
        const term = state.term() + 1
        await write(by, term, [{ type: 'promoted', term }])
        writes = true
        return term
      }),
    revokedSince: revocations.since,
    onRecord: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close: async () => {
      await turn
      await journal.close()
    },
  }
}
