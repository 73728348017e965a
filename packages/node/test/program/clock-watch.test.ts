import { createClockWatch } from '@banyan/node/program'
import { expect, test } from 'vitest'

const maxSkew = 500

/** A watch that has seen blocks at these distances, in ms, between their times and the clock. */
function watchOf(distances: readonly number[]): ReturnType<typeof createClockWatch> {
  const watch = createClockWatch(maxSkew)
  for (const [i, distance] of distances.entries())
    watch.note(1_000_000 + 200 * i, 1_000_000 + 200 * i + distance)
  return watch
}

test('CON-16: a clock is wrong if most of fifteen blocks say so, and not for single ones', () => {
  const usual = Array.from({ length: 15 }, (_, i) => 100 + i)
  expect(watchOf([]).ahead()).toBe(0)
  expect(watchOf(usual).ahead()).toBe(107)
  expect(watchOf(usual).isWrong()).toBe(false)
  const odd = usual.map((distance, i) => (i % 2 === 1 ? -60_000 : distance))
  expect(watchOf(odd).isWrong(), 'seven of fifteen').toBe(false)
  for (const error of [-90_000, -2_000, 90_000]) {
    const watch = watchOf(usual.map((distance) => distance + error))
    expect(watch.isWrong(), String(error)).toBe(true)
    expect(watch.ahead()).toBe(107 + error)
    for (let i = 0; i < 8; i++) watch.note(0, 100)
    expect(watch.isWrong(), 'the newest count').toBe(false)
  }
  expect(watchOf(usual.map((distance) => distance + 20_000)).isWrong(), 'finality may be slow').toBe(false)
  expect(watchOf(usual.slice(1).map(() => -90_000)).isWrong(), 'too few').toBe(false)
})
