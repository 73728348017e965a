import type { Random } from '@banyan/testing'

/** Writes in order; they are safe once synced. A crash keeps any beginning of what was not. */
export type Disk<Write> = {
  readonly write: (entry: Write) => void
  /** Makes everything written so far durable. */
  readonly sync: () => void
  /** Loses the power: of the writes that were not synced, a random number of the first ones survive. */
  readonly crash: () => void
}

/** `keep` is told of every write that became durable, in order. */
export function createDisk<Write>(random: Random, keep: (entry: Write) => void): Disk<Write> {
  let pending: Write[] = []

  function settle(count: number): void {
    const settled = pending.slice(0, count)
    pending = []
    for (const entry of settled) keep(entry)
  }

  return {
    write: (entry) => {
      pending.push(entry)
    },
    sync: () => settle(pending.length),
    crash: () => settle(random.below(pending.length + 1)),
  }
}
