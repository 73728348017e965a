import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createRandom, testSeed, testTier } from '@banyan/testing'
import {
  checkCluster,
  createLoad,
  fundedAccounts,
  grow,
  metricsOf,
  startCluster,
} from '@banyan/testing/cluster'
import { expect, test } from 'vitest'

test('CON-10: a process that is told of rules that it does not know stops at their height, says what to do, and comes back', async (context) => {
  if (testTier() === 'push') return context.skip('four processes: in the full tier')
  const last = 3
  let genesis: string | undefined
  const cluster = await startCluster({
    validators: 4,
    accounts: fundedAccounts,
    environment: (index): Record<string, string> =>
      index === last && genesis !== undefined ? { BANYAN_GENESIS: genesis } : {},
  })
  try {
    const load = createLoad({ cluster, random: createRandom(testSeed('cluster upgrade')), perSecond: 20 })
    load.start()
    await cluster.stop(last)
    const text = JSON.parse(await readFile(join(cluster.folder, 'genesis.json'), 'utf8')) as object
    genesis = join(cluster.folder, 'upgraded.json')
    const upgradeAt = (height: number): string =>
      JSON.stringify({ ...text, upgrades: [{ version: 2, height }] })
    await writeFile(genesis, upgradeAt(100_000))
    const told = await cluster.start(last)
    await grow(cluster.running(), 2)
    expect(told.process.output()).toContain('install a newer program before')
    expect((await metricsOf(told.admin)).get('banyan_rules_version')).toBe(1)
    await cluster.stop(last)

    const soon = Math.max(...(await Promise.all(cluster.running().map(heightOf)))) + 5
    await writeFile(genesis, upgradeAt(soon))
    await cluster.start(last)
    const { code, output } = await cluster.ended(last)
    expect(code, output).toBe(3)
    expect(output).toMatch(/^BYN-1801: Block \d+ follows version 1 of the rules, .+\n {2}why: .+\n {2}fix: /m)
    await grow(cluster.running(), 3)
    genesis = undefined
    await cluster.start(last)
    await grow(cluster.running(), 5)
    await load.stop()
    const { problems, ...counts } = await checkCluster(cluster, load)
    expect(problems, JSON.stringify(counts)).toEqual([])
  } finally {
    await cluster.close()
  }
}, 300_000)

async function heightOf({ admin }: { readonly admin: string }): Promise<number> {
  return (await metricsOf(admin)).get('banyan_final_height') ?? 0
}
