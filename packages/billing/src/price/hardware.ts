import { fail } from '@banyan/base'

/** A model of processor or graphics card that was measured. */
export type HardwareClass = {
  readonly model: string
  /** Result of the benchmark, above zero. */
  readonly score: number
  /** What an hour of it is worth beside the model of the tariff, in ten-thousandths. */
  readonly premium: bigint
}

/**
 * The premium of a model: from the table, or for a model that is not in it by its score, on the line between the two neighbours, rounded down. Beyond
 * the ends of the table the premium is that of the end. Error: CurveInvalid for a table without entries.
 */
export function premiumOf(
  table: readonly HardwareClass[],
  { model, score }: Pick<HardwareClass, 'model' | 'score'>,
): bigint {
  const known = table.find((entry) => entry.model === model)
  if (known !== undefined) return known.premium
  const sorted = [...table].sort((a, b) => a.score - b.score)
  const above = sorted.find((entry) => entry.score >= score)
  const below = sorted.findLast((entry) => entry.score <= score)
  if (above === undefined || below === undefined || above.score === below.score)
    return (above ?? below ?? fail('CurveInvalid', { reason: 'the table of hardware is empty' })).premium
  const share = (score - below.score) / (above.score - below.score)
  return BigInt(Math.floor(Number(below.premium) + share * Number(above.premium - below.premium)))
}
