import type { Point } from '../charts/point.js'
import { useBlocks } from './chain.js'
import { seenTimes } from './seen-times.js'

const shownBlocks = 240

/**
 * Time from the making of a block until this browser knew it as final, ms, over the time of the block; of the blocks that it saw
 * live. The clocks of browser and proposer are taken to agree, as they do on one machine.
 */
export function useFinalityTimes(): readonly Point[] {
  const { data } = useBlocks(shownBlocks)
  const seen = seenTimes()
  return (data ?? [])
    .flatMap(({ height, timestamp }) => {
      const at = seen.get(height)
      return at === undefined ? [] : [{ x: timestamp, y: Math.max(0, at - timestamp) }]
    })
    .toReversed()
}
