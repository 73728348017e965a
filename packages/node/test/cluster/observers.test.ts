import { createRandom, testSeed, testTier } from '@banyan/testing'
import {
  checkCluster,
  createLoad,
  fundedAccounts,
  grow,
  metricsOf,
  type RunningNode,
  startCluster,
} from '@banyan/testing/cluster'
import { expect, test } from 'vitest'

const [near, far] = [4, 5]

test('CON-11: an observer that knows only another observer serves the chain, and transactions that it takes become final', async (context) => {
  if (testTier() === 'push') return context.skip('six processes: in the full tier')
  const cluster = await startCluster({
    validators: 4,
    observers: [[0, 1], [near]],
    accounts: fundedAccounts,
  })
  try {
    const random = createRandom(testSeed('cluster of observers'))
    // Clients know the far observer only.
    const through = (): readonly RunningNode[] => [cluster.node(far)]
    const load = createLoad({ cluster: { ...cluster, running: through }, random, perSecond: 20 })
    load.start()
    await grow(cluster.running(), 10)
    const peers = (await metricsOf(cluster.node(far).admin)).get('banyan_peers')
    expect(peers).toBe(1)
    // While the way to the validators is away, what was acknowledged waits.
    await cluster.kill(near)
    await grow([0, 1, 2, 3].map(cluster.node), 2)
    await cluster.start(near)
    await grow(cluster.running(), 10)
    await load.stop()
    const { problems, ...counts } = await checkCluster(cluster, load)
    expect(problems, JSON.stringify(counts)).toEqual([])
    expect(counts.final).toBeGreaterThan(20)
  } finally {
    await cluster.close()
  }
}, 300_000)
