import type { Batch } from './traffic.js'

/** Batches that a validator holds. */
export type Pool = {
  /** A batch is here; its signatures are checked at `usableAt`. */
  readonly add: (batch: Batch, usableAt: number) => void
  /** When all of these are usable; nothing if one is not here yet. */
  readonly usableAt: (batches: readonly Batch[]) => number | undefined
  /** Calls `then` once, as soon as all of these are here, with the time when they are usable. */
  readonly whenHere: (batches: readonly Batch[], then: (usableAt: number) => void) => void
  /** What a block may order now, oldest first. */
  readonly choose: (now: number, taken: ReadonlySet<number>) => readonly Batch[]
  /** Forgets what became final. */
  readonly remove: (batches: readonly Batch[]) => void
}

/** Bounds of a block in the product. */
const maxBatches = 1024
const maxBytes = 2 ** 26

export function createPool(): Pool {
  /** By id; a batch that is final stays usable. */
  const usable: (number | undefined)[] = []
  let open: Batch[] = []
  let waiting: { readonly batches: readonly Batch[]; readonly then: (usableAt: number) => void }[] = []

  function usableAt(batches: readonly Batch[]): number | undefined {
    let latest = 0
    for (const { id } of batches) {
      const time = usable[id]
      if (time === undefined) return undefined
      latest = Math.max(latest, time)
    }
    return latest
  }

  return {
    usableAt,
    add(batch, time) {
      usable[batch.id] = time
      open.push(batch)
      if (waiting.length === 0) return
      const checked = waiting
      waiting = []
      for (const wish of checked) {
        const at = usableAt(wish.batches)
        if (at === undefined) waiting.push(wish)
        else wish.then(at)
      }
    },
    whenHere(batches, then) {
      const at = usableAt(batches)
      if (at === undefined) waiting.push({ batches, then })
      else then(at)
    },
    choose(now, taken) {
      const chosen: Batch[] = []
      let bytes = 0
      for (const batch of open) {
        if (taken.has(batch.id) || usable[batch.id]! > now) continue
        if (chosen.length === maxBatches || bytes + batch.bytes > maxBytes) break
        chosen.push(batch)
        bytes += batch.bytes
      }
      return chosen
    },
    remove(batches) {
      const gone = new Set(batches.map(({ id }) => id))
      open = open.filter(({ id }) => !gone.has(id))
    },
  }
}
