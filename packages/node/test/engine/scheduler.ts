/** Virtual time: what was scheduled happens in the order of its time, and of its arrival where times are equal. */
export class Scheduler {
  now = 1_000_000
  private sequence = 0
  private queue: {
    readonly at: number
    readonly sequence: number
    readonly run: () => Promise<void> | void
  }[] = []

  after(delay: number, run: () => Promise<void> | void): void {
    const item = { at: this.now + Math.max(0, delay), sequence: this.sequence++, run }
    let low = 0
    let high = this.queue.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.queue[middle]!.at <= item.at) low = middle + 1
      else high = middle
    }
    this.queue.splice(low, 0, item)
  }

  /** Runs until `done`, at most for `limit` ms of virtual time; whether it was done. */
  async until(done: () => boolean, limit: number): Promise<boolean> {
    const end = this.now + limit
    while (!done()) {
      const next = this.queue[0]
      if (next === undefined || next.at > end) {
        this.now = end
        return done()
      }
      this.queue.shift()
      this.now = next.at
      await next.run()
    }
    return true
  }
}
