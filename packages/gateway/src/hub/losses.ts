/** Counts what a history forgets, so that a reader who is in the middle of it knows whether that concerns it. */
export type LossCount = { value: number }

/** What one store forgot last. */
export class Losses {
  private readonly count: LossCount
  /** Number of the newest message that is gone. */
  private seq = 0
  /** What the count was after that. */
  private at = 0

  constructor(count: LossCount) {
    this.count = count
  }

  /** Messages up to `seq` are gone. */
  add(seq: number): void {
    this.seq = seq
    this.at = ++this.count.value
  }

  /** Whether a reader misses nothing that knows all up to `seq`, and began to read at the count `from` if it is still reading. */
  spare(seq: number, from: number | undefined): boolean {
    return seq >= this.seq || (from !== undefined && from >= this.at)
  }
}
