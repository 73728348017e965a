import { createRandom, testSeed, testTier } from '@banyan/testing'
import {
  type Cluster,
  checkCluster,
  createLoad,
  fundedAccounts,
  grow,
  metricsOf,
  startCluster,
  statusOf,
} from '@banyan/testing/cluster'
import { expect, test } from 'vitest'

/** As in the genesis of these networks. */
const maxClockSkew = 500
const liar = 0
const errors = [90_000, -90_000, 3_000, -3_000, 600_000]

/** Makes a process take the time for another one, by so many ms, from its start on. */
const preload = (error: number): string =>
  `--import=data:text/javascript,${encodeURIComponent(`const real = Date.now; Date.now = () => real() + ${error}`)}`

/** Times of all final blocks of a node, ms. */
async function timesOf({ rpc }: ReturnType<Cluster['node']>, from: number): Promise<readonly number[]> {
  const { height } = await statusOf(rpc)
  const heights = Array.from({ length: height + 1 - from }, (_, i) => from + i)
  const urls = heights.map((at) => `${rpc}/v1/blocks/${at}`)
  const blocks = await Promise.all(
    urls.map(async (url) => (await (await fetch(url)).json()) as { readonly timestamp: string }),
  )
  return blocks.map(({ timestamp }) => Number(timestamp))
}

test('CON-16: one of four clocks is wrong by seconds or minutes, either way, and the network goes on in right time', async (context) => {
  if (testTier() === 'push') return context.skip('four processes for more than a minute: in the full tier')
  const random = createRandom(testSeed('cluster of clocks'))
  let error = 0
  const cluster = await startCluster({
    validators: 4,
    accounts: fundedAccounts,
    environment: (index): Record<string, string> =>
      index === liar && error !== 0 ? { NODE_OPTIONS: preload(error) } : {},
  })
  try {
    const load = createLoad({ cluster, random, perSecond: 20 })
    load.start()
    for (error of errors) {
      const { height } = await statusOf(cluster.node(1).rpc)
      await cluster.stop(liar)
      await cluster.start(liar)
      await grow(cluster.running(), 20)
      const ahead = async (index: number): Promise<number> => {
        const metrics = await metricsOf(cluster.node(index).admin)
        return 1_000 * (metrics.get('banyan_clock_ahead_seconds') ?? Number.NaN)
      }
      await expect.poll(() => ahead(liar), { timeout: 60_000 }).toBeGreaterThan(error - maxClockSkew)
      expect(await ahead(liar)).toBeLessThan(error + 10_000)
      expect(Math.abs(await ahead(1))).toBeLessThan(10_000)
      if (error < 0 || error > 60_000) {
        await expect
          .poll(() => cluster.node(liar).process.output(), { timeout: 60_000 })
          .toContain('BYN-2006')
      }
      expect(cluster.node(1).process.output()).not.toContain('BYN-2006')
      const times = await timesOf(cluster.node(1), height)
      for (const [i, time] of times.slice(1).entries()) expect(time).toBeGreaterThan(times[i]!)
      expect(times.at(-1)).toBeLessThanOrEqual(Date.now() + maxClockSkew)
    }
    await load.stop()
    const { problems, ...counts } = await checkCluster(cluster, load)
    expect(problems, JSON.stringify(counts)).toEqual([])
  } finally {
    await cluster.close()
  }
}, 600_000)
