import { runFlood, runHappyPath, runSeeds } from '@banyan/sim'
import { expect, test } from 'vitest'

// A little of everything, in few seconds: what deliberate defects of the core are tried against.

test('CON-1: a few scenarios of each campaign of the core pass', async () => {
  expect((await runSeeds('adversary', 1, 150)).failures).toEqual([])
  expect((await runSeeds('random', 1, 250)).failures).toEqual([])
  expect((await runSeeds('twins', 1, 60)).failures).toEqual([])
})

test('CON-1: nothing that a member sends makes another one hold more and more', () => {
  const few = runFlood(1_000)
  const many = runFlood(3_000)
  expect(many.size).toBeLessThan(1.3 * few.size)
  expect(many.size).toBeLessThan(2_500)
  expect(many.finalView).toBeGreaterThan(few.finalView)
})

test('CON-1: a network without faults gives up no view', () => {
  const { views, finalAfter } = runHappyPath({ nodes: 4, delay: 40, milliseconds: 4_000 })
  expect(views).toBeGreaterThan(45)
  expect(Math.max(...finalAfter)).toBe(3 * 40)
})

test('CON-16: time-outs grow until they fit a network that is slower than was believed', () => {
  const { finalAfter } = runHappyPath({ nodes: 4, delay: 200, delta: 40, milliseconds: 20_000 })
  expect(finalAfter.length).toBeGreaterThan(4)
})
