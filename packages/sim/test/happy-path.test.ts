import { runHappyPath } from '@banyan/sim'
import { expect, test } from 'vitest'

test('CON-1: a block is final everywhere three network delays after its leader made it', () => {
  for (const nodes of [4, 7, 21]) {
    const { finalAfter, views } = runHappyPath({ nodes, delay: 40, milliseconds: 4_000 })
    expect(views).toBeGreaterThan(20)
    for (const time of finalAfter) expect(time).toBe(3 * 40)
  }
})

test('CON-1: blocks follow each other after two network delays', () => {
  const { views } = runHappyPath({ nodes: 4, delay: 50, milliseconds: 10_000 })
  expect(views).toBeGreaterThanOrEqual(98)
})
