import { equalBytes, fail, type Hash } from '@banyan/base'
import type { SignerMemory, SignerRecord } from '../core/events.js'
import type { SignerEntry, SignerFloor } from './format.js'

/** What a key has signed: the newest record of every view above the floor. */
export type SignedViews = {
  floor: SignerFloor
  readonly records: Map<string, SignerRecord>
}

export function emptyViews(floor: SignerFloor): SignedViews {
  return { floor, records: new Map() }
}

const keyOf = ({ epoch, view }: SignerFloor): string => `${epoch}/${view}`

export function isAbove(place: SignerFloor, floor: SignerFloor): boolean {
  return place.epoch > floor.epoch || (place.epoch === floor.epoch && place.view > floor.view)
}

/** Whether a hash that was signed once is still the same one. */
function keeps(before: Hash | undefined, after: Hash | undefined): boolean {
  return before === undefined || (after !== undefined && equalBytes(before, after))
}

/**
 * Refuses what no signer may sign, whatever the core says: below the floor, in place of what was signed before, giving
 * up and finalizing one view, or finalizing another block than was notarized. Throws `VoteRefused`.
 */
export function checkRecord(views: SignedViews, record: SignerRecord): void {
  const { epoch, view, notarized, nullified, finalized } = record
  const refuse = (reason: string): never => fail('VoteRefused', { epoch, view, reason })
  if (!isAbove(record, views.floor)) refuse('it is at or below the floor')
  if (nullified && finalized !== undefined) refuse('it would be given up and finalized')
  if (finalized !== undefined && notarized !== undefined && !equalBytes(finalized, notarized)) {
    refuse('it would finalize another block than it notarized')
  }
  const before = views.records.get(keyOf(record))
  if (before === undefined) return
  const isKept = keeps(before.notarized, notarized) && keeps(before.finalized, finalized)
  if (!isKept || (before.nullified && !nullified)) refuse('it would forget what was signed')
}

/** Takes an entry in. */
export function remember(views: SignedViews, entry: SignerEntry): void {
  if (entry.kind === 'record') {
    views.records.set(keyOf(entry.record), entry.record)
    return
  }
  if (!isAbove(entry.floor, views.floor)) return
  views.floor = entry.floor
  for (const [key, record] of views.records) if (!isAbove(record, entry.floor)) views.records.delete(key)
}

/** What the core of one epoch needs to know; `undefined` for an epoch below the floor's, in which nothing is signed. */
export function memoryOf(views: SignedViews, epoch: number): SignerMemory | undefined {
  const { floor } = views
  if (epoch < floor.epoch) return undefined
  const records = [...views.records.values()].filter((record) => record.epoch === epoch)
  records.sort((a, b) => a.view - b.view)
  return { floor: epoch === floor.epoch ? floor.view : 0, records }
}
