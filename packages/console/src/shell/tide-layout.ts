/** What the tideline shows of a block. */
export type TideBlock = {
  readonly height: number
  /** Ms since the Unix epoch. */
  readonly time: number
  readonly transactions: number
  /** Views that passed without a block before this one: proposers who missed their turn. */
  readonly missed: number
}

export type TideBar = {
  readonly block: TideBlock
  /** Distance of the bar's right edge from the right end, in pixels. */
  readonly right: number
  readonly height: number
  /** It came later after its parent than usual: some vote was late. */
  readonly late: boolean
}

export const barWidth = 3
export const stripHeight = 28
const smallest = 3
const tallest = 22
const lateFactor = 2.5

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[sorted.length >> 1] ?? 0
}

/**
 * Bars of blocks, newest first at the right end, as many as fit in `width` pixels. Height grows with the logarithm of the number of
 * transactions, the gap to the next bar with that of the time between the blocks.
 */
export function layTide(newestFirst: readonly TideBlock[], width: number): readonly TideBar[] {
  const gaps = newestFirst.slice(1).map((older, index) => newestFirst[index]!.time - older.time)
  const usual = Math.max(1, median(gaps))
  const most = Math.max(1, ...newestFirst.map(({ transactions }) => transactions))
  const bars: TideBar[] = []
  let right = 8
  for (const [index, block] of newestFirst.entries()) {
    if (right + barWidth > width) break
    const gap = gaps[index] ?? usual
    const share = Math.log1p(block.transactions) / Math.log1p(most)
    bars.push({
      block,
      right,
      height: Math.round(smallest + share * (tallest - smallest)),
      late: gap > lateFactor * usual,
    })
    right += barWidth + Math.min(12, Math.max(1, Math.round(2 + 2 * Math.log2(Math.max(0.25, gap / usual)))))
  }
  return bars
}

/** What is heard instead of seen. */
export function tideSummary(newestFirst: readonly TideBlock[]): string {
  const [newest] = newestFirst
  if (newest === undefined) return 'No blocks yet'
  const transactions = newestFirst.reduce((sum, block) => sum + block.transactions, 0)
  const missed = newestFirst.reduce((sum, block) => sum + block.missed, 0)
  const turns = missed === 0 ? 'no missed turns' : `${missed} missed turns`
  return `Last ${newestFirst.length} blocks up to ${newest.height}: ${transactions} transactions, ${turns}`
}
