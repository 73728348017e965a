import { toHex } from '@banyan/base'
import { encodeMessage as encodeConsensus } from '@banyan/consensus'
import { decodeHeader } from '@banyan/ledger'
import { decodeMessage, encodeMessage } from '@banyan/node'
import { createSimulatedDisk, kept, lost, randomOutcome, type SimulatedDisk } from '@banyan/storage/simulated'
import { createRandom, testSeed, tierCount } from '@banyan/testing'
import { expect, test } from 'vitest'
import { consensusIn, proposalKind } from './consensus-message.js'
import { included, submitMany } from './load.js'
import { rulesFor } from './people.js'
import { TestNetwork } from './test-network.js'
import type { TestNode } from './test-node.js'

/** Everything that any node told its clients is in the chain of every node that has run from the start. */
function expectNothingLost(network: TestNetwork, told: ReadonlyMap<number, string>): void {
  for (const { finals, name } of network.nodes) {
    const ids = new Map(finals.map(({ executed }) => [executed.header.height, toHex(executed.id)]))
    for (const [height, id] of told) {
      const own = ids.get(height)
      if (own !== undefined) expect(own, `${name} at ${height}`).toBe(id)
    }
  }
}

function tellFinals(nodes: readonly TestNode[], told: Map<number, string>): void {
  for (const { finals } of nodes) {
    for (const { executed } of finals) {
      const id = toHex(executed.id)
      expect(told.get(executed.header.height) ?? id).toBe(id)
      told.set(executed.header.height, id)
    }
  }
}

test('CON-16/LED-9: a validator that restarts goes on where it was and votes again', async () => {
  const network = await TestNetwork.start(testSeed('restart'), 4, { epochBlocks: 7 })
  await submitMany(network, 20, 20)
  await network.reach(10)
  const node = network.nodes[2]!
  const { height } = node
  await network.stop(node)
  await network.run(node)
  expect(node.height).toBeGreaterThanOrEqual(height)
  expect(node.engine.view().voting).toBe(true)
  // Without it the others would have no quorum.
  await network.stop(network.nodes[0]!)
  await network.reach(height + 10)
  network.expectAgreement()
})

test('CON-16/LED-9: all nodes lose power at once, and nothing that was told to be final is lost', async () => {
  const told = new Map<number, string>()
  for (const [round, outcome] of [lost, kept, randomOutcome(7), randomOutcome(8)].entries()) {
    const network = await TestNetwork.start(testSeed(`power loss ${round}`), 4, { epochBlocks: 5 })
    told.clear()
    for (let times = 0; times < 3; times++) {
      await submitMany(network, 10, 15)
      tellFinals(network.nodes, told)
      for (const node of network.nodes) {
        node.stop()
        node.powerLoss(outcome)
      }
      for (const node of network.nodes) await network.run(node)
      const top = Math.max(0, ...told.keys())
      await network.reach(top + 3)
    }
    tellFinals(network.nodes, told)
    expectNothingLost(network, told)
    network.expectAgreement()
    for (const { evidence } of network.nodes) expect(evidence).toEqual([])
  }
})

test('CON-16/LED-9: crashes between any two effects, with torn disks, cost nothing that was told', async () => {
  const random = createRandom(testSeed('crashes'))
  const network = await TestNetwork.start(testSeed('crashing network'), 4, { epochBlocks: 6 })
  const told = new Map<number, string>()
  await network.reach(2)
  for (let round = 0; round < tierCount({ push: 40, full: 2000, fuzz: 200 }); round++) {
    const victim = network.nodes[random.below(4)]!
    victim.effectsLeft = random.below(20)
    await submitMany(network, 3, 10)
    await network.scheduler.until(() => false, random.below(1000))
    tellFinals(network.nodes, told)
    for (const node of network.nodes) {
      if (node.running) continue
      await network.stop(node)
      node.powerLoss(randomOutcome(random.u32()))
      await network.run(node)
    }
  }
  for (const node of network.nodes) node.effectsLeft = Number.POSITIVE_INFINITY
  await network.reach(Math.max(...told.keys()) + 5)
  tellFinals(network.nodes, told)
  network.expectAgreement()
  for (const { evidence } of network.nodes) expect(evidence).toEqual([])
})

test('CON-10/CON-16: a node without a key follows the chain, and one that comes late catches up by ranges', async () => {
  const network = await TestNetwork.start(testSeed('followers'), 4, { epochBlocks: 9 })
  const early = network.add({ name: 'full', validator: undefined })
  await network.run(early)
  await submitMany(network, 60, 20)
  await network.reach(40)
  const late = network.add({ name: 'late', validator: undefined })
  await network.run(late)
  await network.reach(45)
  const all = await network.scheduler.until(() => included(late).size === 60, 20_000)
  expect(all).toBe(true)
  expect(late.finals.map(({ block }) => block.header.height).slice(0, 40)).toEqual(
    Array.from({ length: 40 }, (_, i) => i + 1),
  )
  expect(late.engine.view().voting).toBe(false)
  network.expectAgreement()
})

test('CON-16: a validator that was away for long catches up and votes again', async () => {
  const network = await TestNetwork.start(testSeed('away'), 4, { epochBlocks: 8 })
  await network.reach(3)
  const node = network.nodes[1]!
  await network.stop(node)
  await submitMany(network, 40, 20)
  await network.reach(60, 200_000)
  await network.run(node)
  await network.reach(65)
  await network.stop(network.nodes[3]!)
  await network.reach(node.height + 10)
  network.expectAgreement()
})

test('CON-16/LED-9: a node that is far behind starts from the state of a peer', async () => {
  const network = new TestNetwork(testSeed('snapshot'), rulesFor(4, { epochBlocks: 6 }))
  for (let i = 0; i < 4; i++)
    network.add({ name: `v${i}`, validator: i, snapshotEvery: 10, history: 'recent' })
  for (const node of network.nodes) await network.run(node)
  await submitMany(network, 40, 20)
  await network.reach(55)
  const archive = network.add({ name: 'archive', validator: undefined, snapshotLag: 20, archive: true })
  await network.run(archive)
  await network.reach(58)
  expect(archive.finals[0]!.block.header.height, 'an archive wants all blocks').toBe(1)
  await network.stop(archive)
  const late = network.add({ name: 'late', validator: undefined, snapshotLag: 20 })
  await network.run(late)
  await network.reach(62)
  expect(late.finals[0]!.block.header.height).toBeGreaterThan(40)
  network.expectAgreement()
  // What it adopted is durable: it goes on from there.
  await network.stop(late)
  late.powerLoss(lost)
  await network.run(late)
  expect(late.store.recovery.snapshot).toBeGreaterThan(40)
  await network.reach(70)
  const view = late.engine.view()
  const other = network.nodes[0]!.finals.find(({ block }) => block.header.height === view.final.header.height)
  if (other !== undefined) expect(toHex(other.executed.id)).toBe(toHex(view.final.id))
})

/** What may happen to the folder of a signer's memory. */
const damages: Readonly<Record<string, (disk: SimulatedDisk) => Promise<void>>> = {
  missing: async (medium) => {
    const disk = await medium.open()
    for (const file of await disk.list()) await disk.remove(file)
    await disk.syncFolder()
    await disk.close()
  },
  truncated: async (medium) => {
    const disk = await medium.open()
    const file = (await disk.list()).find((name) => name.startsWith('votes'))!
    const votes = await disk.open(file)
    await votes.truncate((await votes.size()) - 512)
    await votes.sync()
    await votes.close()
    await disk.close()
  },
  damaged: async (medium) => {
    const disk = await medium.open()
    const file = (await disk.list()).find((name) => name.startsWith('votes'))!
    await disk.close()
    medium.flipBit(file, 8 * 200)
  },
}

test.each(Object.keys(damages))(
  'CON-16: a validator whose memory is %s does not vote until two epochs later',
  async (loss) => {
    const network = await TestNetwork.start(testSeed(`quarantine ${loss}`), 4, { epochBlocks: 5 })
    await network.reach(7)
    const node = network.nodes[0]!
    await network.stop(node)
    await damages[loss]!(node.signerDisk)
    let voted = false
    network.passes = (from, _to, bytes) => {
      voted ||= from === 'v0' && consensusIn(bytes)?.kind === 'vote'
      return true
    }
    await network.run(node)
    expect(node.signer!.loss).toBe(loss)
    expect(node.engine.view().voting).toBe(false)
    const epoch = node.engine.view().epoch
    const began = await network.scheduler.until(() => {
      if (!node.engine.view().voting) expect(voted).toBe(false)
      return node.engine.view().voting
    }, 60_000)
    expect(began).toBe(true)
    expect(node.engine.view().epoch).toBeGreaterThanOrEqual(epoch + 2)
    // Without it the others have no quorum. Its new memory is as good as any.
    await network.stop(network.nodes[1]!)
    await network.reach(node.height + 4)
    await network.stop(node)
    node.powerLoss(lost)
    await network.run(node)
    expect(node.engine.view().voting).toBe(true)
    await network.reach(node.height + 8)
    expect(voted).toBe(true)
    network.expectAgreement()
    for (const { evidence } of network.nodes) expect(evidence).toEqual([])
  },
)

test('CON-16/LED-9: a validator whose log had to be cut far back does not vote before it is where it was', async () => {
  const network = new TestNetwork(testSeed('repaired validator'), rulesFor(4, { epochBlocks: 5 }))
  for (let i = 0; i < 4; i++) network.add({ name: `v${i}`, validator: i, repair: true })
  for (const node of network.nodes) await network.run(node)
  await submitMany(network, 20, 20)
  await network.reach(17)
  const [node] = network.nodes
  const { epoch } = node!.engine.view()
  await network.stop(node!)
  node!.disk.flipBit('blocks-0000000000000001.log', 8 * 1500)
  let voted = false
  network.passes = (from, _to, bytes) => {
    voted ||= from === 'v0' && consensusIn(bytes)?.kind === 'vote'
    return true
  }
  await network.run(node!)
  expect(node!.height).toBeLessThan(5)
  expect(node!.engine.view().voting).toBe(false)
  const began = await network.scheduler.until(() => {
    if (node!.engine.view().epoch < epoch) expect(voted).toBe(false)
    return voted
  }, 60_000)
  expect(began).toBe(true)
  network.expectAgreement()
  for (const { evidence } of network.nodes) expect(evidence).toEqual([])
})

/** A network in which notarized blocks wait: votes to finalize get nowhere. Returns their views, by sender. */
async function withoutFinality(title: string) {
  const network = await TestNetwork.start(testSeed(title), 4, { epochBlocks: 50 })
  await network.reach(3)
  const finalized = new Map<string, number>()
  network.passes = (from, _to, bytes) => {
    const message = consensusIn(bytes)
    if (message?.kind !== 'vote' || message.vote.vote.kind !== 'finalize') return true
    finalized.set(from, Math.max(finalized.get(from) ?? 0, message.vote.vote.view))
    return false
  }
  await network.scheduler.until(() => false, 5_000)
  expect(finalized.size).toBe(4)
  return { network, finalized }
}

test('CON-16: the notarization behind a vote to finalize survives a total loss of power (P4)', async () => {
  const { network, finalized } = await withoutFinality('kept notarizations')
  for (const node of network.nodes) {
    node.stop()
    node.powerLoss(lost)
  }
  const shown = new Map<string, Set<number>>(network.nodes.map(({ name }) => [name, new Set()]))
  // Nobody hears anybody, so that each shows what it has by itself.
  network.passes = (from, _to, bytes) => {
    const message = consensusIn(bytes)
    if (message?.kind === 'certificate' && message.certificate.vote.kind === 'notarize') {
      shown.get(from)!.add(message.certificate.vote.view)
    }
    return message === undefined && bytes[0] !== proposalKind
  }
  for (const node of network.nodes) await network.run(node)
  await network.scheduler.until(() => false, 20_000)
  for (const [name, view] of finalized) expect([...shown.get(name)!], name).toContain(view)
  network.passes = () => true
  await network.reach(12)
  network.expectAgreement()
  for (const { evidence } of network.nodes) expect(evidence).toEqual([])
})

test("CON-16: a restarted validator shows stored blocks, of others and of its own, with their proposers' votes", async () => {
  const { network } = await withoutFinality('stored proposals')
  const node = network.nodes[0]!
  const heights = new Set<number>()
  await network.stop(node)
  node.powerLoss(lost)
  await network.run(node)
  const stored = node.store.candidates
  expect(stored.length).toBeGreaterThan(3)
  const proposers = new Set(stored.map(({ header }) => toHex(header.proposer)))
  expect(proposers.size).toBe(4)
  network.passes = (from, to, bytes) => {
    if (from === 'v0' && to === 'v1' && bytes[0] === proposalKind) {
      const message = decodeMessage(bytes)
      if (message.kind === 'proposal') heights.add(decodeHeader(message.header).height)
    }
    return true
  }
  const ask = encodeMessage({
    kind: 'consensus',
    epoch: 0,
    bytes: encodeConsensus({ kind: 'ask', fromView: 1 }),
  })
  await network.scheduler.until(() => false, 100)
  await node.give({ kind: 'message', peer: 'v1', bytes: ask })
  for (const { header } of stored.slice(0, -1)) expect([...heights]).toContain(header.height)
})

test('LED-9: a log that is damaged in the middle is repaired from peers', async () => {
  const network = await TestNetwork.start(testSeed('repair'), 4, { epochBlocks: 50 })
  const settings = { name: 'full', validator: undefined, repair: true }
  const full = network.add(settings, createSimulatedDisk())
  await network.run(full)
  await submitMany(network, 20, 20)
  await network.reach(25)
  await network.stop(full)
  const seen = full.finals.length
  full.disk.flipBit('blocks-0000000000000001.log', 8 * 4000)
  await network.run(full)
  expect(full.height).toBeLessThan(25)
  await network.reach(30)
  expect(full.finals.length).toBeGreaterThan(seen)
  network.expectAgreement()
})
