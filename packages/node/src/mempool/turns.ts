import type { Address } from '@banyan/base'
import type { Entry } from './entry.js'
import type { SenderQueue } from './sender-queue.js'

/** The senders of whom something waits, in the order in which they have their turn. */
export class Turns {
  readonly #queues = new Set<SenderQueue>()
  readonly #nonceOf: (account: Address) => bigint

  /** `nonceOf` tells the nonce of an account's next Ethereum transaction. */
  constructor(nonceOf: (account: Address) => bigint) {
    this.#nonceOf = nonceOf
  }

  /** Notes whether anything of a sender waits, after a change. Whoever is new comes last. */
  note(queue: SenderQueue): void {
    if (queue.waiting > 0) this.#queues.add(queue)
    else this.#queues.delete(queue)
  }

  values(): Iterable<SenderQueue> {
    return this.#queues
  }

  /**
   * What can leave, one of each sender in every round; whoever asks for the next has let the last one leave. If there are
   * more senders than the limit, those that pay more go first. Whoever had its turn comes last the next time.
   */
  *next(limit: number): Generator<Entry, void, undefined> {
    let turns = [...this.#queues].flatMap((queue) => this.#readyOf(queue) ?? [])
    if (turns.length > limit) turns.sort((a, b) => compare(b.rate, a.rate))
    for (let round = 0; turns.length > 0; round++) {
      const after: Entry[] = []
      for (const entry of turns) {
        yield entry
        const { sender } = entry
        if (round === 0 && this.#queues.delete(sender)) this.#queues.add(sender)
        const next = sender.waiting > 0 ? this.#readyOf(sender) : undefined
        if (next !== undefined) after.push(next)
      }
      turns = after
    }
  }

  /** The nonce of an account is asked for only where nonces wait, since reading final state costs. */
  #readyOf(queue: SenderQueue): Entry | undefined {
    return queue.ready(queue.hasNonces ? this.#nonceOf(queue.address) : 0n)
  }
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0
}
