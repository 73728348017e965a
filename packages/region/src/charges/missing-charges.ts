import type { Charge } from '@banyan/billing'
import type { Journal } from '../journal.js'
import { unpackCharge } from './packed.js'

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
  for await (const { charges } of journal.read(from)) {
    for (const charge of charges) {
      if (isPast) yield unpackCharge(charge)
      else isPast = charge.public['id'] === newest
    }
  }
}

async function holds(journal: Pick<Journal, 'read'>, from: number, id: string): Promise<boolean> {
  for await (const { charges } of journal.read(from)) {
    if (charges.some((charge) => charge.public['id'] === id)) return true
  }
  return false
}
