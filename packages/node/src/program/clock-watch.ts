import { banyanError } from '@banyan/base'
import type { Log } from '@banyan/program/run'
import type { RunningNode } from '../process/open-node.js'

/**
 * Whether the clock of this machine is right. Blocks carry the time of whoever made them, which others have compared with
 * their own clocks; so between a block's time and the moment at which it is final lies what finality takes, plus the
 * error of this clock. The median over several blocks does not depend on single proposers.
 */
export type ClockWatch = {
  /** A block of this time is final at `now`, in ms since 1970 by the clock of the node. */
  readonly note: (blockTime: number, now: number) => void
  /** How far the clock is ahead of the newest blocks, in ms; 0 before the first. */
  readonly ahead: () => number
  /** Whether that is more than slow finality or the allowed skew explain. */
  readonly isWrong: () => boolean
}

const watchedBlocks = 15
/** Finality of a network at work never takes longer, ms. */
const longestFinality = 30_000

/** `maxSkew` is how far a block's time may be ahead of a verifier's clock, in ms. */
export function createClockWatch(maxSkew: number): ClockWatch {
  const newest: number[] = []

  const ahead = (): number => newest.toSorted((a, b) => a - b)[newest.length >> 1] ?? 0

  return {
    note: (blockTime, now) => {
      newest.push(now - blockTime)
      if (newest.length > watchedBlocks) newest.shift()
    },
    ahead,
    isWrong: () =>
      newest.length === watchedBlocks && (ahead() < -maxSkew || ahead() > maxSkew + longestFinality),
  }
}

/** Lets the watch see final blocks while the node is not catching up, and logs when the clock goes wrong and right again. */
export function followClock(node: RunningNode, watch: ClockWatch, log: Log['write']): void {
  let wasWrong = false
  node.api.onFinal(({ header }) => {
    if (node.view().syncing) return
    watch.note(Number(header.timestamp), node.now())
    const isWrong = watch.isWrong()
    if (isWrong === wasWrong) return
    wasWrong = isWrong
    const seconds = (watch.ahead() / 1_000).toFixed(1)
    if (isWrong)
      log.warn({ error: banyanError('ClockWrong', { seconds }) }, 'votes of this node do not count')
    else log.info('the clock agrees with the chain again')
  })
}
