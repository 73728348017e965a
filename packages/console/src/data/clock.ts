import { useBlocks } from './chain.js'
import { seenTimes } from './seen-times.js'

const comparedBlocks = 5
const fewestBlocks = 3
/** A block is never final before it is made. */
const mostBehindMs = 5_000
/** What finality and a slow browser explain. */
const mostAheadMs = 60_000

/**
 * How far the clock of this device is ahead of the network's, ms, by the blocks that it saw become final; negative where it is
 * behind. Nothing where it is right as far as can be told.
 */
export function useClockError(): number | undefined {
  const { data } = useBlocks(comparedBlocks)
  const seen = seenTimes()
  const ahead = (data ?? [])
    .flatMap(({ height, timestamp }) => {
      const at = seen.get(height)
      return at === undefined ? [] : [at - timestamp]
    })
    .sort((a, b) => a - b)
  const median = ahead[ahead.length >> 1]
  if (median === undefined || ahead.length < fewestBlocks) return undefined
  return median < -mostBehindMs || median > mostAheadMs ? median : undefined
}
