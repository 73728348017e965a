import type { Agenda } from './agenda.js'
import type { ScaleSetting } from './setting.js'

/** Transactions that one validator took in and sends together. */
export type Batch = {
  readonly id: number
  readonly author: number
  readonly count: number
  readonly bytes: number
  /** Its transactions came evenly between these times, µs. */
  readonly from: number
  readonly until: number
}

/** Each validator's clients send a steady stream, which it drains at every batch interval. */
export type Traffic = {
  readonly batches: readonly Batch[]
  readonly start: () => void
}

/** Bytes of a batch beside its transactions. */
const batchHead = 64

/** `drained` gets each batch at its author; `plan` has something happen at a time. */
export function createTraffic(
  setting: ScaleSetting,
  agenda: Pick<Agenda<unknown>, 'now'>,
  plan: (time: number, author: number, act: () => void) => void,
  drained: (batch: Batch) => void,
): Traffic {
  const { validators, dead, load, clients, payload } = setting
  const living = Array.from({ length: validators }, (_, i) => i).filter((i) => !dead.has(i))
  const authors = clients === 'spread' ? living : living.slice(0, 1)
  const interval = 1000 * setting.batchInterval
  const perInterval = (load * setting.batchInterval) / 1000 / authors.length
  const batches: Batch[] = []

  function drain(author: number, left: number): void {
    const now = agenda.now()
    const waiting = left + perInterval
    const count = Math.floor(waiting)
    if (count > 0) {
      const bytes = batchHead + count * payload.bytes
      const batch = { id: batches.length, author, count, bytes, from: now - interval, until: now }
      batches.push(batch)
      drained(batch)
    }
    plan(now + interval, author, () => drain(author, waiting - count))
  }

  return {
    batches,
    start() {
      // Not all in the same moment, nor with the first transaction in the same batch.
      for (const [i, author] of authors.entries()) {
        const part = i / authors.length
        plan(interval * part, author, () => drain(author, part))
      }
    },
  }
}
