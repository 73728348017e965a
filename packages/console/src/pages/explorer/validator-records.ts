import type { Block, Validators } from '@banyan/sdk'

export type ValidatorRecord = {
  readonly address: string
  /** Part of the weight of all, 0 to 1. */
  readonly share: number
  /** Blocks among those looked at. */
  readonly proposed: number
  /** Time of the newest of them, ms since the Unix epoch. */
  readonly last: number | undefined
}

/** What the newest blocks, newest first, tell of the validators; `interval` is the mean time between them in ms. */
export function validatorRecords(
  validators: Validators['validators'],
  blocks: readonly Block[],
): { readonly records: readonly ValidatorRecord[]; readonly missed: number; readonly interval: number } {
  const total = validators.reduce((sum, { weight }) => sum + weight, 0n)
  const records = validators.map(({ address, weight }) => {
    const own = blocks.filter(({ proposer }) => proposer === address)
    const share = total === 0n ? 0 : Number((weight * 1_000_000n) / total) / 1_000_000
    return { address, share, proposed: own.length, last: own[0]?.timestamp }
  })
  const missed = blocks.reduce((sum, { view, parentView }) => sum + Math.max(0, view - parentView - 1), 0)
  const span = blocks.length < 2 ? 0 : blocks[0]!.timestamp - blocks.at(-1)!.timestamp
  return { records, missed, interval: span / Math.max(1, blocks.length - 1) }
}
