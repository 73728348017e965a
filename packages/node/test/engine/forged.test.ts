import { asAddress, asChainId, asHash, equalBytes, toHex } from '@banyan/base'
import { createCommittee, encodeVote, schemeOf } from '@banyan/consensus'
import { blockId, decodeHeader, encodeHeader, type Header } from '@banyan/ledger'
import { decodeFinality } from '@banyan/light'
import { decodeMessage, encodeMessage } from '@banyan/node'
import { testSeed } from '@banyan/testing'
import { expect, test } from 'vitest'
import { consensusIn } from './consensus-message.js'
import { included, submitMany } from './load.js'
import { provider, validatorKeys } from './people.js'
import { TestNetwork } from './test-network.js'

const liar = 3
const flip = (hash: Uint8Array) => asHash(hash.map((byte, i) => (i === 0 ? byte ^ 1 : byte)))

const forgeries: Readonly<Record<string, (header: Header) => Partial<Header>>> = {
  'another proposer': () => ({ proposer: validatorKeys(0).address }),
  'a proposer who is no member': () => ({ proposer: asAddress(new Uint8Array(20).fill(9)) }),
  'a state root': ({ stateRoot }) => ({ stateRoot: flip(stateRoot) }),
  'a receipts root': ({ receiptsRoot }) => ({ receiptsRoot: flip(receiptsRoot) }),
  'a payload root': ({ payloadRoot }) => ({ payloadRoot: flip(payloadRoot) }),
  'a history root': ({ historyRoot }) => ({ historyRoot: flip(historyRoot) }),
  'a number of transactions': ({ transactionCount }) => ({ transactionCount: transactionCount + 1 }),
  'a committee in the middle of an epoch': ({ nextCommitteeHash }) => ({
    nextCommitteeHash: flip(nextCommitteeHash),
  }),
  'a time far ahead': ({ timestamp }) => ({ timestamp: timestamp + 60_000n }),
  'a time that goes back': () => ({ timestamp: 1n }),
  'a height': ({ height }) => ({ height: height + 1 }),
  'a parent view': ({ parentView }) => ({ parentView: parentView + 1 }),
  'a side chain root': ({ sideChainRoot }) => ({ sideChainRoot: flip(sideChainRoot) }),
  'consensus data': () => ({ consensusData: new Uint8Array(3) }),
  'a version of the rules': ({ version }) => ({ version: version + 1 }),
  'another chain': ({ chainId }) => ({ chainId: chainId + 1n }),
  'no justification': () => ({ justification: new Uint8Array(0) }),
}

/** Lets validator 3 propose headers with changed fields, correctly signed. */
function forge(network: TestNetwork, change: (header: Header, epoch: number) => Partial<Header>): void {
  const { chain } = network.nodes[0]!.engine.view()
  const keys = validatorKeys(liar)
  network.tamper = (from, _to, bytes) => {
    if (from !== `v${liar}`) return bytes
    const message = decodeMessage(bytes)
    if (message.kind !== 'proposal') return bytes
    const before = decodeHeader(message.header)
    const header = { ...before, ...change(before, message.epoch) }
    const name = { chainId: asChainId(chain.genesis.chainId), genesisId: chain.genesisId }
    const { validators, quorumRule } = network.rules
    const scheme = schemeOf(provider, name, createCommittee(provider, message.epoch, quorumRule, validators))
    const vote = { kind: 'notarize', view: header.view, blockId: blockId(header) } as const
    const signature = keys.signEd25519(scheme.message(vote))
    return encodeMessage({
      ...message,
      header: encodeHeader(header),
      vote: encodeVote({ vote, signer: liar, signature }),
    })
  }
}

test('CON-1/CON-16/LED-6: a proposal with a forged field is refused, whichever it is', async () => {
  for (const [title, change] of Object.entries(forgeries)) {
    const network = await TestNetwork.start(testSeed(title))
    forge(network, change)
    await submitMany(network, 12, 20)
    await network.reach(9)
    network.expectAgreement()
    const { address } = validatorKeys(liar)
    for (const { finals } of network.nodes.slice(0, 3)) {
      const lies = finals.filter(({ block }) => equalBytes(block.header.proposer, address))
      expect(lies.length, title).toBe(0)
    }
    expect(included(network.nodes[0]!).size, title).toBeGreaterThan(0)
  }
})

test('CON-1/LED-6: forged closing blocks are refused, and no proof of finality leads over one', async () => {
  // The liar's turn comes right after the last block of each epoch.
  const epochBlocks = 3
  for (const title of ['a state root', 'a history root', 'a number of transactions', 'a payload root']) {
    const network = await TestNetwork.start(testSeed(`forged closing blocks ${title}`), 4, { epochBlocks })
    const forged = new Set<number>()
    forge(network, (header, epoch) => {
      if (header.height <= (epoch + 1) * epochBlocks) return {}
      forged.add(header.height)
      return forgeries[title]!(header)
    })
    // Without their own finalizations the blocks of an epoch need closing blocks, of which the liar makes the first.
    network.passes = (_from, _to, bytes) => {
      const told = consensusIn(bytes)
      return told?.kind !== 'vote' || told.vote.vote.kind !== 'finalize' || told.vote.vote.view > epochBlocks
    }
    await submitMany(network, 12, 20)
    await network.reach(24)
    network.expectAgreement()
    expect(forged.size, title).toBeGreaterThan(2)
    const { address } = validatorKeys(liar)
    let links = 0
    for (const { finals, proofs } of network.nodes) {
      for (const { executed } of finals) {
        const { height, historyRoot } = executed.header
        for (const link of proofs.has(height) ? decodeFinality(proofs.get(height)!).links : []) {
          links++
          expect(toHex(link.stateRoot), title).toBe(toHex(executed.stateRoot))
          expect(toHex(link.historyRoot), title).not.toBe(toHex(historyRoot))
          expect(link.transactionCount, title).toBe(0)
          expect(equalBytes(link.proposer, address), title).toBe(false)
        }
      }
    }
    expect(links, title).toBeGreaterThan(24)
  }
})

test('CON-16: a batch with a wrong signature is not ordered, and its author is judged', async () => {
  const network = await TestNetwork.start(testSeed('forged batch'))
  const batchKind = 4
  network.tamper = (from, _to, bytes) => {
    if (from !== `v${liar}` || bytes[0] !== batchKind || bytes.length < 150) return bytes
    const forged = bytes.slice()
    forged[forged.length - 1]! ^= 1
    return forged
  }
  await submitMany(network, 5, 10, [network.nodes[liar]!])
  await submitMany(network, 5, 10, [network.nodes[0]!])
  await network.reach(12)
  network.expectAgreement()
  const verdicts = network.nodes[0]!.verdicts.filter(({ peer }) => peer === `v${liar}`)
  expect(verdicts.map(({ verdict }) => verdict)).toContain('hostile')
  expect(included(network.nodes[0]!).size).toBeGreaterThanOrEqual(5)
})

test('CON-11: bytes that are no message, and messages of other chains, speak against their sender', async () => {
  const network = await TestNetwork.start(testSeed('malformed messages'))
  await network.reach(2)
  const node = network.nodes[0]!
  const before = node.height
  for (let length = 0; length < 60; length++) {
    const bytes = network.random.bytes(length)
    await node.give({ kind: 'message', peer: 'v1', bytes })
  }
  for (let kind = 0; kind < 8; kind++) {
    const bytes = network.random.bytes(80)
    bytes.set([kind, 0, 0, 0])
    await node.give({ kind: 'message', peer: 'v2', bytes })
  }
  expect(node.verdicts.filter(({ verdict }) => verdict === 'invalid').length).toBeGreaterThan(50)
  await network.reach(before + 5)
})

test('CON-11: answers that are forged or cut do no harm, and others are asked', async () => {
  const network = await TestNetwork.start(testSeed('forged answers'), 4, { epochBlocks: 6 })
  const batchKind = 4
  network.passes = (from, _to, bytes) => from !== 'v0' || bytes[0] !== batchKind || bytes.length < 150
  let forged = 0
  network.tamperAnswer = (from, parts) => {
    if (parts === undefined || (from !== 'v0' && from !== `v${liar}`)) return parts
    if (network.random.below(2) === 0) return parts
    forged++
    const kind = network.random.below(4)
    if (kind === 0) return []
    if (kind === 1) return parts.map((part) => part.subarray(0, network.random.below(part.length)))
    if (kind === 2) return [...parts, network.random.bytes(40)]
    return parts.map((part) => {
      const changed = part.slice()
      if (changed.length > 0) changed[network.random.below(changed.length)]! ^= 1 << network.random.below(8)
      return changed
    })
  }
  const ids = await submitMany(network, 40, 20, [network.nodes[0]!])
  await network.reach(15)
  const late = network.add({ name: 'late', validator: undefined })
  await network.run(late)
  const all = () => network.nodes.every((node) => ids.every((id) => included(node).has(id)))
  expect(await network.scheduler.until(all, 120_000)).toBe(true)
  network.expectAgreement()
  expect(forged).toBeGreaterThan(3)
})
