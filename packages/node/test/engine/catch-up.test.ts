import { testSeed } from '@banyan/testing'
import { expect, test } from 'vitest'
import { submitMany } from './load.js'
import { rulesFor } from './people.js'
import { TestNetwork } from './test-network.js'

test('CON-11/CON-16: a node far behind asks for blocks where nobody has a snapshot yet', async () => {
  const network = await TestNetwork.start(testSeed('no snapshots'), 4, { epochBlocks: 9 })
  await network.reach(25)
  const late = network.add({ name: 'late', validator: undefined, snapshotLag: 5 })
  await network.run(late)
  await network.reach(30)
  expect(late.finals[0]!.block.header.height).toBe(1)
  network.expectAgreement()
})

test('CON-10/CON-16: a node whose records of epochs are lost gets them from peers, and votes again', async () => {
  const network = await TestNetwork.start(testSeed('lost records'), 4, { epochBlocks: 5 })
  await submitMany(network, 20, 20)
  await network.reach(17)
  const node = network.nodes[1]!
  await network.stop(node)
  const disk = await node.disk.open()
  for (const file of await disk.list()) if (file.startsWith('epochs-')) await disk.remove(file)
  await disk.syncFolder()
  await disk.close()
  await network.run(node)
  await network.reach(20)
  expect(node.engine.view().voting).toBe(true)
  // Without it the others would have no quorum.
  await network.stop(network.nodes[0]!)
  await network.reach(node.height + 6)
  network.expectAgreement()
})

test('CON-11/CON-16: an answer that comes when it is no longer needed is not held against the peer', async () => {
  const rules = rulesFor(5, { epochBlocks: 3 })
  const network = new TestNetwork(testSeed('late answers'), rules)
  const elect = (_view: unknown, epoch: number) => rules.validators.filter((_, i) => i !== epoch % 5)
  for (let i = 0; i < 5; i++) network.add({ name: `v${i}`, validator: i, elect })
  for (const node of network.nodes) await network.run(node)
  // Some miss what is proposed, so that they have to ask, and answers come slowly.
  let holds = true
  network.passes = (_from, to, bytes) =>
    !holds || to === 'v0' || bytes[0] !== 3 || network.random.below(3) > 0
  const { ask } = network
  network.ask = (from, to, bytes, timeoutMs, reply) =>
    ask.call(network, from, to, bytes, timeoutMs, (parts) =>
      network.scheduler.after(network.random.below(900), () => reply(parts)),
    )
  await submitMany(network, 200, 50)
  holds = false
  await network.reach(Math.max(...network.nodes.map(({ height }) => height)) + 3)
  const blamed = network.nodes.flatMap(({ verdicts }) =>
    verdicts.filter(({ verdict }) => verdict !== 'useful'),
  )
  expect(blamed).toEqual([])
  network.expectAgreement()
})

test('CON-11: a peer that answers with another block than it was asked for loses standing', async () => {
  const network = await TestNetwork.start(testSeed('another block'), 4, { epochBlocks: 50 })
  const [node] = network.nodes
  network.passes = (_from, to, bytes) => to !== node!.name || bytes[0] !== 3
  let first: readonly Uint8Array[] | undefined
  let answers = 0
  network.tamperAnswer = (_from, parts) => {
    if (parts?.length !== 1) return parts
    first ??= parts
    return answers++ % 2 === 0 ? parts : first
  }
  await submitMany(network, 60, 25)
  await network.reach(15)
  const found = node!.verdicts.filter(({ verdict }) => verdict === 'invalid')
  expect(found.length).toBeGreaterThan(0)
  network.expectAgreement()
})
