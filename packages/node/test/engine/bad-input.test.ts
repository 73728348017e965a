import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { asChainId, equalBytes } from '@banyan/base'
import {
  createCommittee,
  type Evidence,
  encodeMessage as encodeConsensus,
  encodeVote,
  roundRobin,
  schemeOf,
  verifyEvidence,
} from '@banyan/consensus'
import { blockId, decodeHeader, encodeHeader } from '@banyan/ledger'
import { decodeMessage, encodeMessage, type Message } from '@banyan/node'
import { openEvidence } from '@banyan/node/program'
import { testSeed } from '@banyan/testing'
import { expect, test } from 'vitest'
import { consensusIn, proposalKind } from './consensus-message.js'
import { included, submitMany } from './load.js'
import { provider, validatorKeys } from './people.js'
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

test('CON-5/CON-16: two blocks of one leader and view become evidence that anybody can check, on the disk, once', async () => {
  const network = await TestNetwork.start(testSeed('two blocks'))
  const [node] = network.nodes
  const { chain } = node!.engine.view()
  const name = { chainId: asChainId(chain.genesis.chainId), genesisId: chain.genesisId }
  const { validators, quorumRule } = network.rules
  const committee = createCommittee(provider, 0, quorumRule, validators)
  const scheme = schemeOf(provider, name, committee)
  const keys = validatorKeys(3)

  /** The proposal with another time, as validly signed as the first. */
  const other = (bytes: Uint8Array): Uint8Array => {
    const proposal = decodeMessage(bytes)
    if (proposal.kind !== 'proposal') return bytes
    const before = decodeHeader(proposal.header)
    if (!equalBytes(before.proposer, keys.address)) return bytes
    const header = { ...before, timestamp: before.timestamp + 1n }
    const vote = { kind: 'notarize', view: header.view, blockId: blockId(header) } as const
    const signature = keys.signEd25519(scheme.message(vote))
    const signed = encodeVote({ vote, signer: 3, signature })
    return encodeMessage({ ...proposal, header: encodeHeader(header), vote: signed })
  }

  network.passes = (from, to, bytes) => {
    if (from === 'v3' && to === 'v0' && bytes[0] === proposalKind && bytes.length > 200)
      network.scheduler.after(1, () => node!.give({ kind: 'message', peer: 'v3', bytes: other(bytes) }))
    return true
  }
  await network.reach(14)
  network.expectAgreement()
  expect(node!.evidence).toHaveLength(1)
  const evidence = node!.evidence[0] as Evidence
  const start = { id: chain.genesisId, height: 0 }
  expect(verifyEvidence({ committee, scheme, leaderOf: roundRobin(4), start }, evidence)).toBe(true)
  for (const { verdicts } of network.nodes)
    expect(verdicts.map(({ verdict }) => verdict)).not.toContain('invalid')

  const folder = await mkdtemp(join(tmpdir(), 'banyan-evidence-'))
  const file = await openEvidence(folder)
  await file.add(evidence, 0)
  await file.close()
  const again = await openEvidence(folder)
  expect(again.count()).toBe(1)
  await again.close()
  await rm(folder, { recursive: true })
})
