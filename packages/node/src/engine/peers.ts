import { concatBytes, toHex, utf8 } from '@banyan/base'
import { hashPair, tag } from '@banyan/crypto'
import type { Channel, PeerId } from '@banyan/network'
import { encodeMessage, type Message } from './messages.js'
import type { EngineState, Peer } from './state.js'

/** Most peers that are remembered; the network connects to fewer. */
const maxPeers = 4096

export function send(
  engine: EngineState,
  peers: readonly PeerId[],
  channel: Channel,
  bytes: Uint8Array,
): void {
  if (peers.length > 0) engine.effects.push({ kind: 'send', peers, channel, bytes })
}

/** Sends what binds this node to nothing: it leaves at once, whatever is on its way to the disk. */
export function spread(
  engine: EngineState,
  peers: readonly PeerId[],
  channel: Channel,
  bytes: Uint8Array,
): void {
  if (peers.length > 0) engine.effects.push({ kind: 'spread', peers, channel, bytes })
}

export function judge(engine: EngineState, peer: PeerId, verdict: 'useful' | 'invalid' | 'hostile'): void {
  engine.effects.push({ kind: 'judge', peer, verdict })
}

/** Index in the current committee of the key that a peer has proven. */
export function memberOf(engine: EngineState, peer: PeerId): number | undefined {
  const key = engine.peers.get(peer)?.validator
  return key === undefined ? undefined : engine.epoch.indexOfKey.get(key)
}

/** Connected members of the current committee. */
export function memberPeers(engine: EngineState): readonly PeerId[] {
  return [...engine.peers.keys()].filter((peer) => memberOf(engine, peer) !== undefined)
}

/** Connected peers that do not follow the votes: those outside of the committee. */
export function followerPeers(engine: EngineState): readonly PeerId[] {
  const greeted = [...engine.peers.values()].filter((peer) => peer.greeted)
  return greeted.map(({ id }) => id).filter((peer) => memberOf(engine, peer) === undefined)
}

/** Connected peers of a member: more than one if a validator runs twice. */
export function peersOfMember(engine: EngineState, index: number): readonly PeerId[] {
  return [...engine.peers.keys()].filter((peer) => memberOf(engine, peer) === index)
}

/** What a validator signs to show that a peer name is its own. */
function greeting({ chain }: EngineState, peer: PeerId): Uint8Array {
  const { provider, genesisId } = chain
  const name = provider.sha256(concatBytes(tag('banyan/peer'), utf8(peer)))
  return hashPair(provider, name, genesisId)
}

export function connect(engine: EngineState, id: PeerId): void {
  if (engine.peers.size >= maxPeers || engine.peers.has(id)) return
  engine.peers.set(id, {
    id,
    validator: undefined,
    greeted: false,
    foreign: false,
    told: false,
    epoch: 0,
    height: 0,
    failures: 0,
  })
  const { signer, peerId } = engine.options
  const validator = signer && {
    key: signer.ed25519Key,
    signature: signer.signEd25519(greeting(engine, peerId)),
  }
  const versions = engine.options.versions.messages
  const hello: Message = { kind: 'hello', genesisId: engine.chain.genesisId, versions, validator }
  spread(engine, [id], 'votes', encodeMessage(hello))
  send(engine, [id], 'votes', encodeMessage(statusOf(engine)))
}

export function statusOf({ epoch, tree }: EngineState): Message {
  return { kind: 'status', epoch: epoch.number, height: tree.final.header.height }
}

/**
 * Takes a peer's greeting; false if it is of another chain or claims a key that is not its own. A peer that speaks other
 * versions means no harm: it stays a stranger, and nothing else that it says is looked at.
 */
export function greet(engine: EngineState, peer: Peer, hello: Extract<Message, { kind: 'hello' }>): boolean {
  const { provider, genesisId } = engine.chain
  if (toHex(hello.genesisId) !== toHex(genesisId) || peer.greeted) return false
  const { validator, versions } = hello
  const own = engine.options.versions.messages
  peer.foreign = versions.newest < own.least || versions.least > own.newest
  if (peer.foreign) return true
  if (validator !== undefined) {
    if (!provider.ed25519.verify(validator.signature, greeting(engine, peer.id), validator.key)) return false
    peer.validator = toHex(validator.key)
  }
  peer.greeted = true
  return true
}
