import { testSeed } from '@banyan/testing'
import { expect, test } from 'vitest'
import { TestNetwork } from './test-network.js'

test('CON-1: after a timer that comes a little early the engine asks for the next one', async () => {
  const network = await TestNetwork.start(testSeed('early timer'), 1)
  await network.reach(3)
  const { engine } = network.nodes[0]!
  const effects = engine.step({ kind: 'time' }, network.scheduler.now)
  expect(effects.map(({ kind }) => kind)).toContain('wake')
})
