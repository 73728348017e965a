/**
 * The fork alarm. A transaction names a recent block; many that name blocks unknown here come from people who see another
 * chain than this node does.
 */
export type ForkAlarm = {
  readonly note: (isForeign: boolean) => void
  /** Share of the transactions of the last ten minutes whose mark is unknown, 0 to 1. */
  readonly share: () => number
  readonly isRaised: () => boolean
}

const minute = 60_000
const recentMinutes = 10
const keptMinutes = 60
/** It takes so many foreign marks, this share, and twice the share of the fifty minutes before. */
const leastForeign = 20
const leastShare = 0.05
const rise = 2

type Count = { readonly minute: number; taken: number; foreign: number }

/** `now` gives milliseconds that never go back. */
export function createForkAlarm(now: () => number): ForkAlarm {
  const counts: Count[] = []

  const current = (): number => {
    const at = Math.floor(now() / minute)
    while (counts.length > 0 && counts[0]!.minute <= at - keptMinutes) counts.shift()
    return at
  }

  const sum = (from: number, to: number): { readonly foreign: number; readonly share: number } => {
    const chosen = counts.filter((count) => count.minute > from && count.minute <= to)
    const foreign = chosen.reduce((total, count) => total + count.foreign, 0)
    const taken = chosen.reduce((total, count) => total + count.taken, 0)
    return { foreign, share: taken === 0 ? 0 : foreign / taken }
  }

  return {
    note: (isForeign) => {
      const at = current()
      if (counts.at(-1)?.minute !== at) counts.push({ minute: at, taken: 0, foreign: 0 })
      const count = counts.at(-1)!
      count.taken++
      if (isForeign) count.foreign++
    },
    share: () => {
      const at = current()
      return sum(at - recentMinutes, at).share
    },
    isRaised: () => {
      const at = current()
      const recent = sum(at - recentMinutes, at)
      const before = sum(at - keptMinutes, at - recentMinutes)
      return recent.foreign >= leastForeign && recent.share >= Math.max(leastShare, rise * before.share)
    },
  }
}
