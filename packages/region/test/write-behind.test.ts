import { createWriteBehind } from '@banyan/region/work'
import { expect, test } from 'vitest'

test('CMP-3: what comes at the very end of a write is written too', async () => {
  for (let turns = 0; turns < 12; turns++) {
    const written: number[] = []
    const behind = createWriteBehind<number>({
      most: 10,
      write: async (items) => {
        written.push(...items)
        if (items.includes(1)) void addAfter(turns)
      },
      failed: (error) => {
        throw error
      },
    })
    // A few turns of the promises after the write: in one of them the writer has looked and is about to end.
    const addAfter = async (turns: number): Promise<void> => {
      for (let turn = 0; turn < turns; turn++) await Promise.resolve()
      behind.add(2)
    }
    behind.add(1)
    while (written.length === 0) await new Promise((resolve) => setImmediate(resolve))
    await behind.settled()
    expect({ turns, written }).toEqual({ turns, written: [1, 2] })
    expect(behind.waiting()).toBe(0)
  }
})

test('CMP-3: a write that fails is told once, and drops what waits', async () => {
  const failures: unknown[] = []
  const behind = createWriteBehind<number>({
    most: 1,
    write: () => Promise.reject(new Error('full')),
    failed: (error) => failures.push(error),
  })
  behind.add(1)
  behind.add(2)
  await behind.settled()
  expect(failures).toHaveLength(1)
  expect(behind.waiting()).toBe(0)
})
