import { asChainId, asHash, equalBytes, type Hash, toHex } from '@banyan/base'
import {
  decodeMessage as decodeConsensus,
  encodeMessage as encodeConsensus,
  encodeVote,
  type SignedVote,
  schemeOf,
  type Vote,
} from '@banyan/consensus'
import { blockId, decodeHeader, encodeHeader, type Header, headerVersion } from '@banyan/ledger'
import type { Channel, NetworkHandlers, Network as NodeNetwork, PeerId } from '@banyan/network'
import { decodeMessage, encodeMessage, type Message } from '@banyan/node'
import type { Random } from '@banyan/testing'
import { chance, pick } from '../campaign/setting.js'
import type { Disguise, Nodes } from './nodes.js'
import { chainId, validatorKeys } from './people.js'
import { provider } from './remembered-crypto.js'
import { nodeOf } from './wire.js'

/** What a faulty host may do with what an honest node in its place would say. */
export const nodeTricks = [
  'equivocate',
  'wrong roots',
  'forge headers',
  'newer version',
  'two batches',
  'bad batches',
  'withhold batches',
  'withhold answers',
  'wrong answers',
  'vote for everything',
  'forge certificates',
  'lie about heights',
  'garbage',
  'repeat',
  'flood',
] as const

export type NodeTrick = (typeof nodeTricks)[number]

/** A faulty host: it runs a real node and changes what that says, with the key of the node. */
export type Liar = {
  readonly disguise: Disguise
  /** Says something unasked. */
  readonly stir: () => void
}

export type LiarOptions = {
  readonly random: Random
  readonly nodes: Nodes
  readonly number: number
  readonly tricks: ReadonlySet<NodeTrick>
  /** Some of the peers: these are told one thing, the others another. */
  readonly favoured: ReadonlySet<number>
}

type Proposal = Extract<Message, { kind: 'proposal' }>

const mostRemembered = 60
const changedEvery = 40

const flipped = (hash: Uint8Array): Hash => asHash(hash.map((byte, i) => (i === 0 ? byte ^ 1 : byte)))

/** What a header says of the state, and what only execution shows to be wrong. */
const wrongRoots: readonly ((header: Header) => Partial<Header>)[] = [
  ({ stateRoot }) => ({ stateRoot: flipped(stateRoot) }),
  ({ receiptsRoot }) => ({ receiptsRoot: flipped(receiptsRoot) }),
  ({ historyRoot }) => ({ historyRoot: flipped(historyRoot) }),
]

/** Other changes of a header that no honest node may vote for. */
const forgeries: readonly ((header: Header) => Partial<Header>)[] = [
  ({ payloadRoot }) => ({ payloadRoot: flipped(payloadRoot) }),
  ({ nextCommitteeHash }) => ({ nextCommitteeHash: flipped(nextCommitteeHash) }),
  ({ timestamp }) => ({ timestamp: timestamp + 10_000_000n }),
  ({ height }) => ({ height: height + 1 }),
  ({ transactionCount }) => ({ transactionCount: transactionCount + 1 }),
  () => ({ justification: new Uint8Array(0) }),
  () => ({ consensusData: new Uint8Array(3) }),
]

/** Nothing for what another faulty host has spoiled. */
function understood(bytes: Uint8Array): Message | undefined {
  try {
    const message = decodeMessage(bytes)
    if (message.kind === 'consensus') decodeConsensus(message.bytes)
    if (message.kind === 'proposal') decodeHeader(message.header)
    return message
  } catch {
    return undefined
  }
}

export function createLiar({ random, nodes, number, tricks, favoured }: LiarOptions): Liar {
  const keys = validatorKeys(number)
  const heard: Uint8Array[] = []
  let epoch = 0
  let batches: readonly Uint8Array[] = []
  /** What is said in place of each own proposal. */
  const proposals = new Map<string, readonly Uint8Array[]>()

  const does = (trick: NodeTrick, percent = changedEvery): boolean =>
    tricks.has(trick) && chance(random, percent)

  function indexIn(inEpoch: number): number {
    return nodes.committeeOf(inEpoch).validators.findIndex(({ address }) => equalBytes(address, keys.address))
  }

  function sign(inEpoch: number, vote: Vote): SignedVote {
    const name = { chainId: asChainId(chainId), genesisId: nodes.genesisId }
    const scheme = schemeOf(provider, name, nodes.committeeOf(inEpoch))
    return { vote, signer: Math.max(0, indexIn(inEpoch)), signature: keys.signEd25519(scheme.message(vote)) }
  }

  /** The proposal with another header, and a vote of this node for it. */
  function reproposed(proposal: Proposal, changes: Partial<Header>): Uint8Array {
    const header = { ...decodeHeader(proposal.header), ...changes }
    const vote = sign(proposal.epoch, { kind: 'notarize', view: header.view, blockId: blockId(header) })
    return encodeMessage({ ...proposal, header: encodeHeader(header), vote: encodeVote(vote) })
  }

  function changedProposal(to: number, proposal: Proposal, bytes: Uint8Array): readonly Uint8Array[] {
    const header = decodeHeader(proposal.header)
    if (indexIn(proposal.epoch) < 0 || !equalBytes(header.proposer, keys.address)) return [bytes]
    if (favoured.has(to) && does('equivocate', 70))
      return [reproposed(proposal, { timestamp: header.timestamp + 1n })]
    const key = toHex(blockId(header))
    const said = proposals.get(key) ?? forgedProposals(proposal, header, bytes)
    proposals.set(key, said)
    return said
  }

  /** The same for everybody: what is forged must fail by itself, not for lack of votes. */
  function forgedProposals(proposal: Proposal, header: Header, bytes: Uint8Array): readonly Uint8Array[] {
    if (does('wrong roots', 80)) return [reproposed(proposal, pick(random, wrongRoots)(header))]
    if (does('forge headers')) return [reproposed(proposal, pick(random, forgeries)(header))]
    if (does('newer version')) return [reproposed(proposal, { version: headerVersion + 1 }), bytes]
    return [bytes]
  }

  function changedBatch(
    to: number,
    message: Extract<Message, { kind: 'batch' }>,
    bytes: Uint8Array,
  ): readonly Uint8Array[] {
    const other = batches.length === 0 ? undefined : pick(random, batches)
    batches = [...batches, message.bytes.slice()].slice(-8)
    if (does('two batches') && other !== undefined && favoured.has(to))
      return [encodeMessage({ ...message, bytes: other })]
    if (does('bad batches')) return [encodeMessage({ ...message, bytes: spoiled(message.bytes) })]
    return does('withhold batches', 70) ? [] : [bytes]
  }

  function spoiled(bytes: Uint8Array): Uint8Array {
    const copy = bytes.slice()
    if (copy.length > 0) copy[random.below(copy.length)]! ^= 1 << random.below(8)
    return copy
  }

  /** What is sent in place of a message. */
  function changed(to: number, bytes: Uint8Array): readonly Uint8Array[] {
    const message = decodeMessage(bytes)
    if ('epoch' in message) epoch = Math.max(epoch, message.kind === 'status' ? epoch : message.epoch)
    if (message.kind === 'proposal') return changedProposal(to, message, bytes)
    if (message.kind === 'batch') return changedBatch(to, message, bytes)
    if (message.kind === 'status' && does('lie about heights'))
      return [
        encodeMessage({
          ...message,
          epoch: message.epoch + random.below(5),
          height: message.height + random.below(2 ** 30),
        }),
      ]
    if (message.kind === 'final' && does('wrong answers'))
      return [encodeMessage({ ...message, proof: spoiled(message.proof) })]
    if (message.kind === 'hello') return [bytes]
    if (does('garbage', 10)) return [spoiled(bytes)]
    if (does('newer version', 10)) return [Uint8Array.from([...bytes, 0, 0, 0]), bytes]
    return [bytes]
  }

  const consensusBytes = (vote: SignedVote): Uint8Array =>
    encodeMessage({ kind: 'consensus', epoch, bytes: encodeConsensus({ kind: 'vote', vote }) })

  /** Votes against every rule for what was proposed. */
  function betray(proposal: Proposal, tell: (bytes: Uint8Array) => void): void {
    if (indexIn(proposal.epoch) < 0) return
    epoch = Math.max(epoch, proposal.epoch)
    const header = decodeHeader(proposal.header)
    const place = { view: header.view, blockId: blockId(header) }
    for (const kind of ['notarize', 'finalize'] as const)
      tell(consensusBytes(sign(proposal.epoch, { kind, ...place })))
    tell(consensusBytes(sign(proposal.epoch, { kind: 'nullify', view: header.view })))
  }

  function listen(bytes: Uint8Array, tell: (bytes: Uint8Array) => void): void {
    heard.push(bytes)
    if (heard.length > mostRemembered) heard.shift()
    if (!tricks.has('vote for everything')) return
    const message = understood(bytes)
    if (message?.kind === 'proposal') betray(message, tell)
  }

  function unasked(): Uint8Array {
    const old = heard.length === 0 ? undefined : pick(random, heard)
    const unknown = Uint8Array.from([6 + random.below(200), 0, 0, 0, ...random.bytes(random.below(64))])
    if (old === undefined || does('newer version')) return unknown
    if (does('forge certificates')) return forgedCertificate(old)
    if (does('repeat')) return old
    if (does('garbage')) return chance(random, 50) ? spoiled(old) : random.bytes(random.below(300))
    return tricks.has('flood') ? old : encodeMessage({ kind: 'status', epoch, height: 0 })
  }

  /** A certificate that was seen, for another view or by others. */
  function forgedCertificate(bytes: Uint8Array): Uint8Array {
    const message = understood(bytes)
    if (message?.kind !== 'consensus') return bytes
    const inner = decodeConsensus(message.bytes)
    const vote: Vote =
      inner.kind === 'vote'
        ? inner.vote.vote
        : inner.kind === 'certificate'
          ? inner.certificate.vote
          : { kind: 'nullify', view: 1 }
    const signers = [0, 1, 2].slice(0, 1 + random.below(3))
    const certificate = {
      rule: 'byzantine' as const,
      vote: chance(random, 50) ? vote : ({ kind: 'nullify', view: vote.view + 1 } as const),
      signers,
      signature: random.bytes(64 * signers.length),
    }
    return encodeMessage({ ...message, bytes: encodeConsensus({ kind: 'certificate', certificate }) })
  }

  async function* changedAnswer(parts: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
    if (does('withhold answers', 60)) throw new Error('withheld')
    const isWrong = does('wrong answers', 50)
    for await (const part of parts) {
      if (!isWrong) yield part
      else if (chance(random, 70)) yield spoiled(part)
      else if (chance(random, 50)) yield random.bytes(random.below(100))
    }
  }

  const { wire, machines } = nodes
  const tellAll = (channel: Channel, bytes: Uint8Array): void => {
    for (const { number: other } of machines) if (other !== number) wire.sendAs(number, other, channel, bytes)
  }

  return {
    disguise: {
      handlers: (handlers: NetworkHandlers): NetworkHandlers => ({
        ...handlers,
        onMessage(peer, channel, bytes) {
          listen(bytes, (said) => tellAll('votes', said))
          handlers.onMessage(peer, channel, bytes)
        },
        onRequest: (peer, bytes, signal) => changedAnswer(handlers.onRequest(peer, bytes, signal)),
      }),
      port: (port: NodeNetwork): NodeNetwork => ({
        ...port,
        send(peer: PeerId, channel, bytes) {
          for (const said of changed(nodeOf(peer), bytes)) port.send(peer, channel, said)
        },
      }),
    },
    stir() {
      const count = tricks.has('flood') ? 5 + random.below(40) : 1
      const { number: to } = pick(random, machines)
      if (to === number) return
      for (let i = 0; i < count; i++)
        wire.sendAs(number, to, pick(random, ['votes', 'data'] as const), unasked())
    },
  }
}
