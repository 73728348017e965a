import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createRandom, testSeed, testTier } from '@banyan/testing'
import {
  checkCluster,
  createLoad,
  fundedAccounts,
  grow,
  metricsOf,
  type RunningNode,
  startCluster,
  statusOf,
} from '@banyan/testing/cluster'
import { expect, test } from 'vitest'

const observer = 4
const snapshotLag = 20

async function blockAt({ rpc }: RunningNode, height: number): Promise<{ readonly id?: string }> {
  return (await (await fetch(`${rpc}/v1/blocks/${height}`)).json()) as { readonly id?: string }
}

test('CON-11, LED-9: a process whose folder is gone starts from the state of a peer, serves it, and survives a restart', async (context) => {
  if (testTier() === 'push') return context.skip('five processes: in the full tier')
  const cluster = await startCluster({
    validators: 4,
    observers: [[0, 1, 2, 3]],
    accounts: fundedAccounts,
    flags: ['--snapshot-every', '10', '--snapshot-lag', String(snapshotLag)],
  })
  try {
    const load = createLoad({ cluster, random: createRandom(testSeed('cluster snapshot')), perSecond: 20 })
    load.start()
    await grow(cluster.running(), 5)
    await cluster.stop(observer)
    await rm(join(cluster.folder, `node-${observer}`, 'data'), { recursive: true })
    const validators = cluster.running()
    await grow(validators, 3 * snapshotLag)
    await cluster.start(observer)
    await grow(cluster.running(), 5)
    expect(await blockAt(cluster.node(observer), 1)).not.toHaveProperty('id')
    await cluster.kill(observer)
    await cluster.start(observer)
    await grow(cluster.running(), 5)

    const node = cluster.node(observer)
    const { height, blockId } = await statusOf(node.rpc)
    expect((await blockAt(validators[0]!, height)).id).toBe(blockId)
    for (let at = height - 5; at <= height; at++) {
      expect(await blockAt(node, at)).toEqual(await blockAt(validators[0]!, at))
    }
    expect((await metricsOf(node.admin)).get('banyan_syncing')).toBe(0)
    await load.stop()
    // What it has acknowledged is final at the others, too.
    const { problems, ...counts } = await checkCluster(
      { running: () => validators, disturbances: cluster.disturbances },
      load,
    )
    expect(problems, JSON.stringify(counts)).toEqual([])
  } finally {
    await cluster.close()
  }
}, 300_000)
