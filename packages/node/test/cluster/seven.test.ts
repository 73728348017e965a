import { createRandom, testSeed, testTier } from '@banyan/testing'
import { checkCluster, createLoad, fundedAccounts, grow, startCluster } from '@banyan/testing/cluster'
import { expect, test } from 'vitest'

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

test('CON-16, QLT-5, LED-9, LED-17: of seven processes any two are killed at a time, and nothing acknowledged is lost', async (context) => {
  if (testTier() === 'push') return context.skip('seven processes for a minute: in the full tier')
  const random = createRandom(testSeed('cluster of seven'))
  const cluster = await startCluster({ validators: 7, accounts: fundedAccounts })
  try {
    const load = createLoad({ cluster, random, perSecond: 40 })
    load.start()
    for (let i = 0; i < 5; i++) {
      const first = random.below(7)
      const victims = [first, (first + 1 + random.below(6)) % 7]
      for (const victim of victims) {
        await pause(random.below(1_000))
        await cluster.kill(victim)
      }
      await grow(cluster.running(), 2)
      await Promise.all(victims.map((victim) => cluster.start(victim)))
      await grow(cluster.running(), 2)
    }
    await load.stop()
    const { problems, ...counts } = await checkCluster(cluster, load)
    expect(problems, JSON.stringify(counts)).toEqual([])
  } finally {
    await cluster.close()
  }
}, 600_000)
