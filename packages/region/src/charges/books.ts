import type { Charge, ChargeStore } from '@banyan/billing'
import type { Journal } from '../journal.js'
import { unpackCharge } from './packed.js'

/**
 * Carries charges from the journal of work to the books, in the order of the journal and each once. The books name the newest charge that they
 * have; whatever follows it in the journal at a start was cut off by a crash, and is added then.
 */
export type Books = {
  /** Of a record that is durable. */
  readonly add: (charge: Charge) => void
  /** Charges that wait for the disk. */
  readonly waiting: () => number
  /** Resolves when all that was added is durable, or adding has failed. */
  readonly settled: () => Promise<void>
}

export type BooksParts = {
  readonly store: Pick<ChargeStore, 'append'>
  readonly added: (charges: readonly Charge[]) => void
  /** The books cannot be kept any more. */
  readonly failed: (error: unknown) => void
}

const maxBatch = 5_000
/** Charges that may wait before a region takes no more work. */
export const maxWaiting = 50_000

export function createBooks({ store, added, failed }: BooksParts): Books {
  let waiting: Charge[] = []
  let writing: Promise<void> | undefined
  let inHand = 0

  const write = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, maxBatch)
      waiting = waiting.slice(maxBatch)
      inHand = batch.length
      await store.append(batch)
      inHand = 0
      added(batch)
    }
  }
  return {
    add: (charge) => {
      waiting.push(charge)
      writing ??= write()
        .catch((error: unknown) => {
          waiting = []
          failed(error)
        })
        .finally(() => {
          writing = undefined
        })
    },
    waiting: () => waiting.length + inHand,
    settled: async () => {
      while (writing !== undefined) await writing
    },
  }
}

/** Batches of the journal that are looked through first for the newest charge of the books. */
const tailBatches = 20_000

/**
 * Charges of the journal after the newest one of the books, oldest first. `newest`: its id, or `undefined` if the books are empty.
 */
export async function* missingCharges(
  journal: Pick<Journal, 'read' | 'last'>,
  newest: string | undefined,
): AsyncGenerator<Charge, void, undefined> {
  const tail = Math.max(1, journal.last() - tailBatches)
  const from = newest === undefined || !(await holds(journal, tail, newest)) ? 1 : tail
  let isPast = newest === undefined
  for await (const { records } of journal.read(from)) {
    for (const { charge } of records) {
      if (charge === undefined) continue
      if (isPast) yield unpackCharge(charge)
      else isPast = charge.public['id'] === newest
    }
  }
}

async function holds(journal: Pick<Journal, 'read'>, from: number, id: string): Promise<boolean> {
  for await (const { records } of journal.read(from)) {
    if (records.some(({ charge }) => charge?.public['id'] === id)) return true
  }
  return false
}
