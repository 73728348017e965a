import { createHash } from 'node:crypto'
import type { Bench } from './runner/benchmark.js'

const mebibyte = 2 ** 20

/** A loop of dependent integer operations, which no vector unit can speed up. */
function integerLoop(steps: number): number {
  let value = 1
  for (let i = 0; i < steps; i++) value = (Math.imul(value, 1_664_525) + 1_013_904_223) | 0
  return value
}

/** Rates of the machine itself: they tell whether figures of two days or two machines can be compared. */
export const bench: Bench = {
  name: 'machine',
  title: 'Calibration: what this machine does without us',
  run: async ({ quick, median }) => {
    const size = (quick ? 16 : 64) * mebibyte
    const from = new Uint8Array(size).fill(7)
    const to = new Uint8Array(size)
    const steps = quick ? 2e7 : 1e8
    const sink = new Int32Array(1)
    const hash = await median(size / mebibyte, () => {
      createHash('sha256').update(from).digest()
    })
    const copy = await median(size / mebibyte, () => to.set(from))
    const integers = await median(steps, () => {
      sink[0]! ^= integerLoop(steps)
    })
    return [
      { what: 'SHA-256 of one long message', unit: 'MiB/s', ours: hash.perSecond, cpuMicros: hash.cpuMicros },
      { what: 'memory copy', unit: 'MiB/s', ours: copy.perSecond, cpuMicros: copy.cpuMicros },
      {
        what: 'dependent integer steps',
        unit: 'steps/s',
        ours: integers.perSecond,
        cpuMicros: integers.cpuMicros,
      },
    ]
  },
}
