/** Memory of a process at a time: ms and bytes. */
export type MemorySample = { readonly at: number; readonly bytes: number }

const hour = 3_600_000
/** What a process takes in its first minutes says nothing about hours. */
const warmUpMs = 5 * 60_000
const leastMs = 10 * 60_000

/**
 * Growth per hour as a share of the mean, by least squares over the samples after the first five minutes; nothing if the
 * rest is shorter than ten minutes.
 */
export function memoryGrowth(samples: readonly MemorySample[]): number | undefined {
  const begin = (samples[0]?.at ?? 0) + warmUpMs
  const used = samples.filter(({ at }) => at >= begin)
  if (used.length < 3 || used.at(-1)!.at - used[0]!.at < leastMs) return undefined
  const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length
  const time = mean(used.map(({ at }) => at))
  const bytes = mean(used.map((sample) => sample.bytes))
  const covariance = mean(used.map((sample) => (sample.at - time) * (sample.bytes - bytes)))
  const variance = mean(used.map(({ at }) => (at - time) ** 2))
  return ((covariance / variance) * hour) / bytes
}
