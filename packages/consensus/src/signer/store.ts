import { assert, fail } from '@banyan/base'
import type { CryptoProvider } from '@banyan/crypto'
import type { Disk } from '@banyan/storage'
import type { SignerMemory, SignerRecord } from '../core/events.js'
import type { SignerEntry, SignerFloor } from './format.js'
import {
  appendEntries,
  appendMark,
  beginGeneration,
  type Generation,
  type Loss,
  newestNumber,
  openGeneration,
  removeOthers,
  type SignerFiles,
} from './generation.js'
import { checkRecord, emptyViews, memoryOf, remember, type SignedViews } from './memory.js'

/** Entries after which the next generation is begun, which holds only what is above the floor. */
const entriesPerGeneration = 1024

/** The durable memory of what one key has signed (rules P1 to P3). After a failure of the disk it takes nothing more. */
export type SignerStore = {
  /** What the core of an epoch starts with; `undefined` for an epoch below the floor's: nothing is signed in it. */
  readonly memory: (epoch: number) => SignerMemory | undefined
  /**
   * Resolves when the record is durable: only then may its vote leave. Records of one turn become durable together.
   * Rejects with `VoteRefused` for what may not be signed after all that came before, with `DiskFull`, `DiskFailed`.
   */
  readonly persist: (record: SignerRecord) => Promise<void>
  /** From now on nothing is signed at or below this place, which only grows. */
  readonly raiseFloor: (floor: SignerFloor) => Promise<void>
  readonly close: () => Promise<void>
}

/** A signer that has lost its memory must not vote: see `quarantineEnd`. */
export type OpenedSigner =
  | { readonly kind: 'ready'; readonly store: SignerStore }
  | { readonly kind: 'quarantined'; readonly loss: Loss }

function currentEntries(views: SignedViews): readonly SignerEntry[] {
  const records = [...views.records.values()]
  return [
    { kind: 'floor', floor: views.floor },
    ...records.map((record) => ({ kind: 'record', record }) as const),
  ]
}

function storeOf(files: SignerFiles, opened: Generation, views: SignedViews): SignerStore {
  let generation = opened
  let waiting: SignerEntry[] = []
  let turn: Promise<void> = Promise.resolve()
  let flushing: Promise<void> | undefined

  const nextGeneration = async (): Promise<void> => {
    const next = await beginGeneration(files, generation.number + 1, currentEntries(views))
    await generation.votes.close()
    await generation.marks.close()
    await removeOthers(files, next.number)
    generation = next
  }

  /** Runs after all work before; after a failure everything fails with the same reason. */
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const result = turn.then(work)
    turn = result
    turn.catch(() => undefined)
    return result
  }

  const flush = async (): Promise<void> => {
    flushing = undefined
    const entries = waiting
    waiting = []
    await appendEntries(files, generation, entries)
  }

  /** The mark is no part of what callers wait for: it costs a second sync. */
  const tidy = async (): Promise<void> => {
    if (generation.end.count >= entriesPerGeneration) await nextGeneration()
    else await appendMark(files, generation)
  }

  const append = (entry: SignerEntry): Promise<void> => {
    remember(views, entry)
    waiting.push(entry)
    if (flushing === undefined) {
      flushing = inTurn(flush)
      inTurn(tidy).catch(() => undefined)
    }
    return flushing
  }

  return {
    memory: (epoch) => memoryOf(views, epoch),
    persist: async (record) => {
      checkRecord(views, record)
      await append({ kind: 'record', record })
    },
    raiseFloor: (floor) => append({ kind: 'floor', floor }),
    close: async () => {
      await turn.catch(() => undefined)
      await generation.votes.close()
      await generation.marks.close()
    },
  }
}

/**
 * Makes the memory of a new key, in a folder of its own, together with the key: so a folder with a key and without
 * memory has lost it. `identity` is 32 bytes that name key and chain. Throws `SignerExists`, `DiskFull`, `DiskFailed`.
 */
export async function createSigner(
  disk: Disk,
  provider: CryptoProvider,
  identity: Uint8Array,
): Promise<SignerStore> {
  assert(identity.length === 32, 'the identity of a signer has 32 bytes')
  if ((await newestNumber(disk)) > 0) fail('SignerExists', { path: disk.path })
  return beginAt({ disk, provider, identity }, { epoch: 0, view: 0 })
}

async function beginAt(files: SignerFiles, floor: SignerFloor): Promise<SignerStore> {
  const views = emptyViews(floor)
  const number = (await newestNumber(files.disk)) + 1
  const generation = await beginGeneration(files, number, currentEntries(views))
  await removeOthers(files, number)
  return storeOf(files, generation, views)
}

/** Opens the memory of a key, or says that some of it is lost. Throws `DiskFull`, `DiskFailed`. */
export async function openSigner(
  disk: Disk,
  provider: CryptoProvider,
  identity: Uint8Array,
): Promise<OpenedSigner> {
  const files = { disk, provider, identity }
  const opened = await openGeneration(files)
  if (typeof opened === 'string') return { kind: 'quarantined', loss: opened }
  const { generation, entries } = opened
  const views = emptyViews({ epoch: 0, view: 0 })
  for (const entry of entries) remember(views, entry)
  await appendMark(files, generation)
  await removeOthers(files, generation.number)
  return { kind: 'ready', store: storeOf(files, generation, views) }
}

/** Ends a quarantine: begins a new memory whose floor is the start of the epoch that `quarantineEnd` gave. */
export function restartSigner(
  disk: Disk,
  provider: CryptoProvider,
  identity: Uint8Array,
  floor: SignerFloor,
): Promise<SignerStore> {
  return beginAt({ disk, provider, identity }, floor)
}
