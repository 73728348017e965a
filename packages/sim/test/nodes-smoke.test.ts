import { runSeeds } from '@banyan/sim'
import { expect, test } from 'vitest'

// A little of whole nodes: what deliberate defects of the node are tried against.

test('CON-16: a few scenarios of whole nodes pass', async () => {
  expect((await runSeeds('node', 1, 6)).failures).toEqual([])
})

test('CON-16: a few scenarios of whole nodes beside faulty hosts pass', async () => {
  expect((await runSeeds('node-byzantine', 4, 6)).failures).toEqual([])
})
