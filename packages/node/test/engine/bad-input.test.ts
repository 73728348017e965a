import { encodeMessage as encodeConsensus } from '@banyan/consensus'
import { decodeMessage, encodeMessage, type Message } from '@banyan/node'
import { testSeed } from '@banyan/testing'
import { expect, test } from 'vitest'
import { consensusIn } from './consensus-message.js'
import { included, submitMany } from './load.js'
import { TestNetwork } from './test-network.js'
import type { TestNode } from './test-node.js'

type Consensus = Extract<Message, { kind: 'consensus' }>

/** Connects a node with a peer that is none of the network's, and greets it in its name. */
async function meet(node: TestNode, peer: string): Promise<(message: Message) => Promise<void>> {
  await node.give({ kind: 'connected', peer })
  const { genesisId } = node.engine.view().chain
  const tell = (message: Message) => node.give({ kind: 'message', peer, bytes: encodeMessage(message) })
  await tell({ kind: 'hello', genesisId, versions: { least: 1, newest: 1 }, validator: undefined })
  return tell
}

/** What validators have said of consensus to each other: votes and certificates, in their newest form. */
function overhear(network: TestNetwork): Map<string, Consensus> {
  const heard = new Map<string, Consensus>()
  network.passes = (_from, to, bytes) => {
    const inner = to === 'v0' ? consensusIn(bytes) : undefined
    if (inner !== undefined) heard.set(inner.kind, decodeMessage(bytes) as Consensus)
    return true
  }
  return heard
}

/** The same with a signature that does not hold. */
function forged(message: Consensus): Message {
  const inner = consensusIn(encodeMessage(message))!
  const wrong = (signature: Uint8Array): Uint8Array => signature.map((byte, i) => (i === 9 ? byte ^ 1 : byte))
  if (inner.kind === 'vote') {
    const vote = { ...inner.vote, signature: wrong(inner.vote.signature) }
    return { ...message, bytes: encodeConsensus({ kind: 'vote', vote }) }
  }
  if (inner.kind !== 'certificate') return message
  const certificate = { ...inner.certificate, signature: wrong(inner.certificate.signature) }
  return { ...message, bytes: encodeConsensus({ kind: 'certificate', certificate }) }
}

test('CON-11/CON-16: forged votes and certificates speak against their sender, old ones do not, and nothing stalls', async () => {
  const network = await TestNetwork.start(testSeed('forged consensus'))
  const heard = overhear(network)
  // Silence of one member makes nullifications, which all members send.
  await network.stop(network.nodes[3]!)
  await network.reach(8, 60_000)
  const node = network.nodes[0]!
  const tell = await meet(node, 'stranger')
  const against = (): number => node.verdicts.filter(({ peer }) => peer === 'stranger').length
  for (let round = 0; round < 12; round++) {
    await network.reach(node.height + 1)
    for (const kind of ['vote', 'certificate']) {
      const message = heard.get(kind)
      if (message === undefined) continue
      await tell(message)
      expect(against(), 'what is genuine').toBe(0)
    }
  }
  const before = node.height
  let lies = 0
  for (let round = 0; round < 20 && against() < 10; round++) {
    await network.scheduler.until(() => false, 40)
    for (const kind of ['vote', 'certificate']) {
      await tell(forged(heard.get(kind)!))
      lies++
    }
  }
  expect(against(), `${lies} lies`).toBeGreaterThanOrEqual(10)
  expect(node.verdicts.filter(({ peer, verdict }) => peer !== 'stranger' && verdict !== 'useful')).toEqual([])
  expect(node.evidence).toEqual([])
  await network.reach(before + 5)
  network.expectAgreement()
})

test('CON-11/CON-16: a peer that claims heights that it cannot show does not keep others from being served', async () => {
  const network = await TestNetwork.start(testSeed('claimed heights'))
  const observer = network.add({ name: 'observer', validator: undefined })
  await network.run(observer)
  for (const node of [network.nodes[0]!, observer]) {
    const tell = await meet(node, 'boaster')
    await tell({ kind: 'status', epoch: 0, height: 2 ** 40 })
    expect(node.engine.view().target).toBe(2 ** 40)
  }
  const ids = await submitMany(network, 10, 20)
  const isServed = (): boolean =>
    [network.nodes[0]!, observer].every((node) => {
      const { syncing, target, final } = node.engine.view()
      return !syncing && target < 2 ** 40 && target - final.header.height < 5
    })
  expect(await network.scheduler.until(isServed, 120_000)).toBe(true)
  expect(ids.every((id) => included(observer).has(id))).toBe(true)
  await network.reach(observer.height + 5)
  network.expectAgreement()
})

test('CON-11/CON-16: a flood of well-formed messages leaves nothing behind', async () => {
  const network = await TestNetwork.start(testSeed('flood of messages'))
  await network.reach(3)
  const node = network.nodes[0]!
  const tell = await meet(node, 'flooder')
  const header = network.random.bytes(64)
  for (let i = 0; i < 3_000; i++) {
    const place = { epoch: i % 3, height: i }
    await tell({ kind: 'status', ...place })
    await tell({ kind: 'batch', sequence: i, bytes: network.random.bytes(40) })
    await tell({ kind: 'final', header, proof: header })
    await tell({ kind: 'consensus', epoch: 0, bytes: encodeConsensus({ kind: 'ask', fromView: i }) })
  }
  const before = node.height
  await network.reach(before + 5)
  expect(node.engine.view()).toMatchObject({ batches: 0, batchBytes: 0 })
  expect(
    node.verdicts.filter(({ peer, verdict }) => peer === 'flooder' && verdict !== 'useful').length,
  ).toBeGreaterThan(3_000)
  network.expectAgreement()
})
