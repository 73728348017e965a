import type { Block } from '@banyan/sdk'
import type { Point } from './point.js'

/** Values over time that follow from blocks, newest first; times in ms since the Unix epoch, in order. */

const windowMs = 10_000

/** Transactions per second, each value over the ten seconds before it. */
export function ratePoints(newestFirst: readonly Block[]): readonly Point[] {
  const blocks = newestFirst.toReversed()
  let from = 0
  let sum = 0
  return blocks.flatMap((block, index) => {
    sum += block.included
    while (blocks[from]!.timestamp <= block.timestamp - windowMs) sum -= blocks[from++]!.included
    const isWhole = from > 0 || index === blocks.length - 1
    return isWhole ? [{ x: block.timestamp, y: (1_000 * sum) / windowMs }] : []
  })
}

/** Time between a block and its parent in ms. The first block waits for a network to come up; that says nothing. */
export function intervalPoints(newestFirst: readonly Block[]): readonly Point[] {
  return newestFirst
    .slice(0, -1)
    .map((block, index) => ({ block, parent: newestFirst[index + 1]! }))
    .filter(({ parent }) => parent.height > 0)
    .map(({ block, parent }) => ({ x: block.timestamp, y: block.timestamp - parent.timestamp }))
    .toReversed()
}

/** Mean of the values. */
export function meanOf(points: readonly Point[]): number {
  return points.length === 0 ? 0 : points.reduce((sum, { y }) => sum + y, 0) / points.length
}
