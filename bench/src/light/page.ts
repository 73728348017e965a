import { portable } from '@banyan/crypto'
import { type Sample, type Work, workOf } from './work.js'

/** Repetitions per second of some work in a page, after a first one that is not counted. */
export function rate(sample: Sample, name: keyof Work, count: number): number {
  const work = workOf(portable, sample)[name]
  work()
  const start = performance.now()
  for (let i = 0; i < count; i++) work()
  return (1_000 * count) / (performance.now() - start)
}
