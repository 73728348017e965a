import type { DescribedBatch } from '@banyan/ledger'
import type { PeerId } from '@banyan/network'
import { reserve } from './batch-pool.js'
import { encodeMessage } from './messages.js'
import { followerPeers, memberOf, memberPeers, spread } from './peers.js'
import type { EngineState } from './state.js'

/**
 * On which ways batches reach the validators. A node sends its own to those it is connected with; a node outside of the
 * committee passes on, as its own, what such nodes send it, once it is verified. Whoever knows no validator sends to
 * everybody else: a batch that is known is not passed on again, so this ends.
 */

/** Reserves room for a batch that this node sends as its own; its sequence, or nothing if there is no room. */
export function takeSequence({ pool, options, now }: EngineState, bytes: number): number | undefined {
  const sequence = (pool.authors.get(options.peerId)?.lastSequence ?? Math.floor(now)) + 1
  return reserve(pool, options.peerId, sequence, bytes) ? sequence : undefined
}

/** Validators that are connected; if there are none, all others. */
function nextPeers(engine: EngineState): readonly PeerId[] {
  const members = memberPeers(engine)
  return members.length > 0 ? members : followerPeers(engine)
}

/** Sends a batch towards the validators, but not back to where it came from. */
export function sendBatch(engine: EngineState, sequence: number, bytes: Uint8Array, from?: PeerId): void {
  const peers = nextPeers(engine).filter((peer) => peer !== from)
  spread(engine, peers, 'data', encodeMessage({ kind: 'batch', sequence, bytes }))
}

/** Whether a batch of this author is this node's to send: validators reach each other by themselves. */
function isOurs(engine: EngineState, author: PeerId | undefined): boolean {
  const { options, epoch } = engine
  if (author === options.peerId) return true
  return author !== undefined && epoch.core === undefined && memberOf(engine, author) === undefined
}

/** Passes a verified batch on. */
export function relayBatch(engine: EngineState, from: PeerId, { batch }: DescribedBatch): void {
  const sequence = isOurs(engine, from) ? takeSequence(engine, 0) : undefined
  if (sequence !== undefined) sendBatch(engine, sequence, batch.bytes, from)
}

/** Sends what nobody has ordered yet to a peer that has just come, if batches go its way. */
export function resendBatches(engine: EngineState, peer: PeerId): void {
  if (!nextPeers(engine).includes(peer)) return
  for (const { author, described } of engine.pool.batches.values()) {
    const sequence = author !== peer && isOurs(engine, author) ? takeSequence(engine, 0) : undefined
    if (sequence === undefined) continue
    const { bytes } = described.batch
    spread(engine, [peer], 'data', encodeMessage({ kind: 'batch', sequence, bytes }))
  }
}
