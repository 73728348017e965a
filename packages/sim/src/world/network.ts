import type { Random } from '@banyan/testing'
import type { Schedule } from './schedule.js'

/** How messages fare on all links; percentages from 0 to 100, delays in ms. Unequal delays change the order. */
export type Quality = {
  readonly lossPercent: number
  readonly duplicatePercent: number
  readonly minDelay: number
  readonly maxDelay: number
  /** Some messages take up to `slowDelay` more. */
  readonly slowPercent: number
  readonly slowDelay: number
}

/** Messages between `size` participants, each numbered from 0. */
export type Network<Message> = {
  readonly send: (from: number, to: number, message: Message) => void
  readonly setQuality: (quality: Quality) => void
  /** Loses what is sent over this link in this direction from now on. */
  readonly cut: (from: number, to: number) => void
  /** Keeps what is sent over this link in this direction until it is healed. */
  readonly clog: (from: number, to: number) => void
  /** Whether what is sent over this link in this direction can arrive now. */
  readonly isOpen: (from: number, to: number) => boolean
  /** Opens all links and lets go of what was kept. */
  readonly heal: () => void
}

export type NetworkOptions<Message> = {
  readonly size: number
  readonly schedule: Schedule
  readonly random: Random
  readonly quality: Quality
  readonly deliver: (from: number, to: number, message: Message) => void
  /** Whether a message may pass at all at this moment; for partitions that depend on what is said. */
  readonly passes?: (from: number, to: number, message: Message) => boolean
  /** Messages of one lane, a small number, keep their order on their way from one participant to another. */
  readonly lane?: (message: Message) => number | undefined
}

const open = 0
const lost = 1
const kept = 2

export function createNetwork<Message>(options: NetworkOptions<Message>): Network<Message> {
  const { size, schedule, random, deliver, passes, lane } = options
  const links = new Uint8Array(size * size)
  /** When the newest message of each lane arrives. */
  const arrivals = new Map<number, number>()
  let quality = options.quality
  let waiting: { readonly from: number; readonly to: number; readonly message: Message }[] = []

  const chance = (percent: number): boolean => percent > 0 && random.below(100) < percent

  /** The moment of arrival that keeps the order of the message's lane. */
  function inOrder(from: number, to: number, message: Message, time: number): number {
    const number = lane?.(message)
    if (number === undefined) return time
    const key = (number * size + from) * size + to
    const arrival = Math.max(time, arrivals.get(key) ?? 0)
    arrivals.set(key, arrival)
    return arrival
  }

  function travel(from: number, to: number, message: Message): void {
    const { minDelay, maxDelay, slowPercent, slowDelay } = quality
    let delay = minDelay + random.below(maxDelay - minDelay + 1)
    if (chance(slowPercent)) delay += random.below(slowDelay + 1)
    schedule.at(inOrder(from, to, message, schedule.now() + delay), () => deliver(from, to, message))
  }

  return {
    send(from, to, message) {
      if (passes !== undefined && !passes(from, to, message)) return
      const link = links[from * size + to]
      if (link === kept) waiting.push({ from, to, message })
      if (link !== open || chance(quality.lossPercent)) return
      travel(from, to, message)
      if (chance(quality.duplicatePercent)) travel(from, to, message)
    },
    setQuality(next) {
      quality = next
    },
    isOpen: (from, to) => links[from * size + to] === open,
    cut(from, to) {
      links[from * size + to] = lost
    },
    clog(from, to) {
      links[from * size + to] = kept
    },
    heal() {
      links.fill(open)
      const released = waiting
      waiting = []
      for (const { from, to, message } of released) travel(from, to, message)
    },
  }
}
