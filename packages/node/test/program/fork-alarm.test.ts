import { createForkAlarm } from '@banyan/node/program'
import { beforeEach, expect, test } from 'vitest'

const minute = 60_000
let now = 0
let alarm = createForkAlarm(() => now)

beforeEach(() => {
  now = 0
  alarm = createForkAlarm(() => now)
})

function take(own: number, foreign: number): void {
  for (let i = 0; i < own; i++) alarm.note(false)
  for (let i = 0; i < foreign; i++) alarm.note(true)
}

test('LED-4: a rising share of foreign marks raises the alarm, and it ends ten minutes after them', () => {
  take(1_000, 1)
  now += 15 * minute
  take(100, 19)
  expect(alarm.isRaised(), 'too few').toBe(false)
  take(0, 1)
  expect(alarm.share()).toBeCloseTo(20 / 120)
  expect(alarm.isRaised()).toBe(true)
  now += 10 * minute
  take(10, 0)
  expect(alarm.share()).toBe(0)
  expect(alarm.isRaised()).toBe(false)
})

test('LED-4: many foreign marks are no alarm while they are a small share, or no more than before', () => {
  take(10_000, 400)
  expect(alarm.isRaised(), 'four per cent').toBe(false)
  now += 12 * minute
  take(100, 100)
  expect(alarm.isRaised(), 'it has risen').toBe(true)
  now += 12 * minute
  take(100, 100)
  now += 12 * minute
  take(100, 100)
  now += 27 * minute
  take(100, 100)
  expect(alarm.isRaised(), 'the hour before was no better').toBe(false)
})
