import { testSeed } from '@banyan/testing'
import { expect, test } from 'vitest'
import { submitMany } from './load.js'
import { rulesFor } from './people.js'
import { TestNetwork } from './test-network.js'
import type { NodeSettings, TestNode } from './test-node.js'

const messages = { least: 1, newest: 1 }
const older = { messages, rules: 1 }
const newer = { messages, rules: 2 }
const height = 7
const upgrades = [{ version: 2, height }]

/** A network whose rules change at block 7, of validators and at last an observer with these programs. */
async function start(seed: string, settings: readonly Partial<NodeSettings>[]): Promise<TestNetwork> {
  const network = new TestNetwork(testSeed(seed), rulesFor(4, { upgrades, epochBlocks: 5 }))
  for (const [i, changes] of settings.entries()) {
    network.add({ name: `n${i}`, validator: i < 4 ? i : undefined, ...changes })
  }
  for (const node of network.nodes) await network.run(node)
  return network
}

const versionsOf = ({ finals }: TestNode): readonly number[] =>
  finals.map(({ block }) => block.header.version)

/** Waits until a node has stopped by itself, and takes it off the network. */
async function untilStopped(network: TestNetwork, node: TestNode): Promise<void> {
  expect(await network.scheduler.until(() => node.stopped !== undefined, 60_000)).toBe(true)
  expect(node.stopped).toMatchObject({ kind: 'UpgradeRequired', details: { height, version: 2 } })
  await network.stop(node)
}

test('CON-10: rules change at their height; who runs an older program stops there, and goes on with a newer one', async () => {
  const programs = [newer, newer, newer, older, older]
  const network = await start(
    'upgrade',
    programs.map((versions) => ({ versions })),
  )
  await submitMany(network, 10, 20)
  const [validator, observer] = [network.nodes[3]!, network.nodes[4]!]
  for (const node of [validator, observer]) {
    await untilStopped(network, node)
    expect(node.finals.at(-1)!.block.header.height).toBe(height - 1)
  }
  await network.reach(12)
  for (const node of [validator, observer]) {
    node.versions = newer
    await network.run(node)
  }
  await network.reach(16)
  await network.stop(network.nodes[0]!)
  await network.reach(19)
  for (const node of network.nodes) {
    expect(versionsOf(node).slice(0, 15)).toEqual(
      Array.from({ length: 15 }, (_, i) => (i + 1 < height ? 1 : 2)),
    )
    expect(node.verdicts.map(({ verdict }) => verdict)).not.toContain('invalid')
    expect(node.engine.view().rulesVersion).toBe(2)
  }
  network.expectAgreement()
})

test('CON-10: without enough newer programs a network waits at the upgrade, and nobody stops', async () => {
  const programs = [newer, newer, older, older]
  const network = await start(
    'waiting upgrade',
    programs.map((versions) => ({ versions })),
  )
  await submitMany(network, 10, 20)
  await network.scheduler.until(() => false, 5_000)
  expect(network.nodes.map((node) => node.height)).toEqual([6, 6, 6, 6])
  expect(network.nodes.map(({ stopped }) => stopped)).toEqual([undefined, undefined, undefined, undefined])
  const node = network.nodes[2]!
  await network.stop(node)
  node.versions = newer
  await network.run(node)
  await network.reach(10, 60_000, network.nodes.slice(0, 3))
  await untilStopped(network, network.nodes[3]!)
  network.expectAgreement()
})

test('CON-10: a node that was not told of an upgrade stops too, and an older program does not start behind it', async () => {
  const settings = [newer, newer, newer, newer].map((versions) => ({ versions }))
  const network = await start('untold', [...settings.slice(0, 3), { versions: newer, upgrades: [] }])
  await untilStopped(network, network.nodes[3]!)
  await network.reach(9, 60_000, network.nodes.slice(0, 3))
  const node = network.nodes[0]!
  await network.stop(node)
  node.versions = older
  await expect(node.start()).rejects.toMatchObject({ kind: 'UpgradeRequired' })
})

test('CON-11: nodes talk if they speak a version in common, and others stay strangers without blame', async () => {
  const speaking = (least: number, newest: number) => ({
    versions: { messages: { least, newest }, rules: 2 },
  })
  const network = await start('spoken versions', [
    ...[speaking(1, 1), speaking(1, 2), speaking(1, 2), speaking(1, 3)],
    ...[speaking(2, 3), speaking(4, 5)],
  ])
  const [v0, v1, , , observer, stranger] = network.nodes
  await network.reach(5, 60_000, network.nodes.slice(0, 5))
  expect(stranger!.height).toBe(0)
  expect(v0!.engine.view()).toMatchObject({ peers: 5, foreignPeers: 2 })
  expect(v1!.engine.view()).toMatchObject({ peers: 5, foreignPeers: 1 })
  expect(observer!.engine.view()).toMatchObject({ foreignPeers: 2 })
  expect(stranger!.engine.view()).toMatchObject({ foreignPeers: 5 })
  for (const { verdicts } of network.nodes) {
    expect(verdicts.map(({ verdict }) => verdict)).not.toContain('invalid')
  }
})
