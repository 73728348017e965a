import { equalBytes, type Hash, toHex } from '@banyan/base'
import { blockId, decodeBatch, decodeBlock, maxBlockBytes } from '@banyan/ledger'
import type { PeerId } from '@banyan/network'
import { addFetched, batchKey } from './batch-pool.js'
import { verify } from './batches.js'
import { attempt } from './bytes.js'
import { keepCandidate } from './checks.js'
import { refOf } from './header-rules.js'
import { ask } from './jobs.js'
import { judge, memberPeers } from './peers.js'
import { noVote } from './proposer-votes.js'
import { encodeRequest } from './requests.js'
import type { EngineState, Fetch } from './state.js'

/** Most blocks and batches that are asked for at the same time. */
const maxFetches = 1024
/** Time to wait before everybody is asked again, in parts of Δ. */
const retryPart = 1
const timeoutPart = 8
/** Longest wait for batches that are being verified, in parts of Δ. */
const holdOffPart = 1 / 4

/** Asks for a block, first the given peers, then others, one after the other. */
export function fetchBlock(engine: EngineState, id: Hash, askFirst: readonly PeerId[]): void {
  const key = toHex(id)
  const peer = begin(engine, [key], askFirst)
  if (peer === undefined) return
  const bytes = encodeRequest({ kind: 'block', id })
  const { epoch } = engine
  // Until the batches of a block that has come are verified, it is not asked for again.
  const over = (): void => end(engine, [key])
  ask(engine, peer, bytes, { maxBytes: maxBlockBytes, timeoutMs: timeout(engine) }, (parts) => {
    // A block of an epoch that is over would look wrong by the committee of the next.
    if (parts?.length !== 1 || epoch !== engine.epoch) return over()
    if (attempt(() => takeBlock(engine, id, parts[0]!, peer, over)) === true) return
    over()
    judge(engine, peer, 'invalid')
  })
}

/** Asks for batches, as `fetchBlock` does. */
export function fetchBatches(
  engine: EngineState,
  digests: readonly Hash[],
  askFirst: readonly PeerId[],
): void {
  const keys = digests.map(batchKey)
  if (engine.receiving > 0) holdOff(engine, keys)
  const peer = begin(engine, keys, askFirst)
  if (peer === undefined) return
  const bytes = encodeRequest({ kind: 'batches', digests })
  ask(engine, peer, bytes, { maxBytes: maxBlockBytes, timeoutMs: timeout(engine) }, (parts) => {
    end(engine, keys)
    for (const part of (parts ?? []).slice(0, digests.length)) {
      const batch = attempt(() => decodeBatch(part))
      if (batch === undefined) {
        judge(engine, peer, 'invalid')
        return
      }
      verify(engine, batch, false, (described) => {
        if (described === undefined || !keys.includes(batchKey(described.digest)))
          judge(engine, peer, 'invalid')
        else addFetched(engine.pool, described, engine.tree.final.header.height)
      })
    }
  })
}

/** What is missing may be among the batches that are being verified: they get a moment, and only one. */
function holdOff({ fetches, now, options }: EngineState, keys: readonly string[]): void {
  const retryAt = now + options.rules.timing.delta * holdOffPart
  if (fetches.size + keys.length > maxFetches) return
  for (const key of keys) {
    if (!fetches.has(key)) fetches.set(key, { asked: new Set(), busy: false, retryAt })
  }
}

function timeout({ options }: EngineState): number {
  return Math.max(500, options.rules.timing.delta * timeoutPart)
}

/** Chooses whom to ask and notes it; `undefined` if an answer is under way, or everybody was asked just now. */
function begin(
  engine: EngineState,
  keys: readonly string[],
  askFirst: readonly PeerId[],
): PeerId | undefined {
  const { fetches, now, options } = engine
  if (fetches.size + keys.length > maxFetches) return undefined
  const states = keys.map((key): Fetch => fetches.get(key) ?? { asked: new Set(), busy: false, retryAt: 0 })
  if (states.some(({ busy, retryAt }) => busy || retryAt > now)) return undefined
  const connected = [...askFirst, ...memberPeers(engine), ...engine.peers.keys()]
  const usable = connected.filter((peer) => engine.peers.get(peer)?.greeted)
  const isAsked = (peer: PeerId): boolean => states.some(({ asked }) => asked.has(peer))
  const peer = usable.find((candidate) => !isAsked(candidate))
  for (const [i, state] of states.entries()) {
    if (peer === undefined) {
      state.asked.clear()
      state.retryAt = now + options.rules.timing.delta * retryPart
    } else {
      state.asked.add(peer)
      state.busy = true
    }
    fetches.set(keys[i]!, state)
  }
  return peer
}

function end({ fetches }: EngineState, keys: readonly string[]): void {
  for (const key of keys) {
    const state = fetches.get(key)
    if (state !== undefined) state.busy = false
  }
}

/** Takes a block that was asked for; false if it is another one, or none. Calls `over` when its batches are verified. */
function takeBlock(
  engine: EngineState,
  id: Hash,
  bytes: Uint8Array,
  from: PeerId,
  over: () => void,
): boolean {
  const { header, batches } = decodeBlock(bytes)
  if (!equalBytes(blockId(header), id)) return false
  const { epoch } = engine
  const ref = refOf(epoch, header, id)
  if (ref === undefined) return false
  const peer = engine.peers.get(from)
  // Who has a block has its parent too.
  if (peer !== undefined) peer.height = Math.max(peer.height, header.height - 1)
  const digests: Hash[] = []
  let left = batches.length
  const done = (): void => {
    over()
    if (epoch !== engine.epoch) return
    keepCandidate(engine, { key: toHex(id), id, ref, header, digests, from, vote: noVote })
  }
  if (left === 0) done()
  for (const [i, batch] of batches.entries()) {
    verify(engine, batch, false, (described) => {
      if (described === undefined) {
        over()
        return judge(engine, from, 'hostile')
      }
      digests[i] = described.digest
      addFetched(engine.pool, described, engine.tree.final.header.height)
      if (--left === 0) done()
    })
  }
  return true
}

/** Forgets whom it asked for what is no longer needed. */
export function forgetFetches({ fetches }: EngineState): void {
  for (const [key, { busy }] of fetches) if (!busy) fetches.delete(key)
}
