import { equalBytes } from '@banyan/base'
import { blockId, type Chain, decodeBlock, type Header, maxBlockBytes, summarize } from '@banyan/ledger'
import { decodeEpochRecord, decodeFinality, encodeEpochRecord, encodeFinality } from '@banyan/light'
import { orderedFinally } from './batch-pool.js'
import { attempt } from './bytes.js'
import { enterEpoch } from './enter-epoch.js'
import { epochAfter, recordHolds } from './epochs.js'
import { ask, startJob } from './jobs.js'
import { judge } from './peers.js'
import { encodeRequest, readOfferParts } from './requests.js'
import type { EngineState, Peer } from './state.js'
import { endSync, proofIsGood } from './sync.js'
import { setFinal } from './tree.js'

const timeoutMs = 10_000
const maxRecordBytes = 2 ** 26

/**
 * Catches up by state instead of blocks: first the committees of all finished epochs, then the header after the peer's
 * snapshot, which vouches for its state, then the snapshot. `none` is called if the peer has no snapshot that helps.
 */
export function beginSnapshotSync(engine: EngineState, peer: Peer, none: () => void): void {
  askRecords(engine, peer, () => askOffer(engine, peer, none))
}

/** Asks for the records of all finished epochs that are not here; `done` goes on when the peer has no more of them. */
export function askRecords(engine: EngineState, peer: Peer, done: () => void): void {
  const bytes = encodeRequest({ kind: 'epochs', from: engine.records.length })
  ask(engine, peer.id, bytes, { maxBytes: maxRecordBytes, timeoutMs }, (parts) => {
    if (parts === undefined) return endSync(engine, peer, false)
    for (const part of parts) if (!takeRecord(engine, peer, part)) return endSync(engine, peer, false)
    if (parts.length > 0) askRecords(engine, peer, done)
    else done()
  })
}

function takeRecord(engine: EngineState, peer: Peer, bytes: Uint8Array): boolean {
  const record = attempt(() => decodeEpochRecord(bytes))
  if (record !== undefined && record.epoch < engine.records.length) return true
  if (record === undefined || !attempt(() => recordHolds(engine, record))) {
    judge(engine, peer.id, 'invalid')
    return false
  }
  engine.records.push(record)
  engine.effects.push({ kind: 'endEpoch', record: encodeEpochRecord(record) })
  return true
}

type Offer = {
  readonly height: number
  /** Of the block after the snapshot's. */
  readonly header: Header
  /** Why the snapshot's block is final. */
  readonly proof: Uint8Array
}

function askOffer(engine: EngineState, peer: Peer, none: () => void): void {
  const bytes = encodeRequest({ kind: 'offer' })
  ask(engine, peer.id, bytes, { maxBytes: maxBlockBytes, timeoutMs }, (parts) => {
    if (parts?.length === 0) return none()
    const offer = parts && attempt(() => readOffer(engine, parts))
    if (offer === undefined) return endSync(engine, peer, false)
    if (offer.height <= engine.tree.final.header.height) return none()
    const { height, header, proof } = offer
    const job = startJob(engine, { kind: 'restore', done: (chain) => restored(engine, peer, offer, chain) })
    engine.effects.push({
      kind: 'restore',
      job,
      peer: peer.id,
      bytes: encodeRequest({ kind: 'snapshot', height }),
      id: header.parentId,
      stateRoot: header.stateRoot,
      proof,
    })
  })
}

/** `undefined` if the headers do not follow each other, or are not final. */
function readOffer(engine: EngineState, parts: readonly Uint8Array[]): Offer | undefined {
  const { height, range } = readOfferParts(parts)
  const headers = range.blocks.map((bytes) => decodeBlock(bytes).header)
  const proof = decodeFinality(range.proof)
  const isLinked = headers.every((header, i) => {
    const before = headers[i - 1]
    return before === undefined ? header.height === height + 1 : equalBytes(header.parentId, blockId(before))
  })
  if (!isLinked || !equalBytes(blockId(headers.at(-1)!), range.id)) return undefined
  if (!proofIsGood(engine, range.id, proof)) return undefined
  const links = [...headers.map(summarize), ...proof.links]
  return { height, header: headers[0]!, proof: encodeFinality({ ...proof, links }) }
}

/** Goes on from the restored chain, which the store has adopted. */
function restored(engine: EngineState, peer: Peer, offer: Offer, chain: Chain | undefined): void {
  if (chain === undefined) {
    endSync(engine, peer, false)
    return
  }
  engine.chain = chain
  setFinal(engine.tree, chain.head)
  engine.tree.nodes.clear()
  engine.proof = offer.proof
  engine.recent.clear()
  orderedFinally(engine.pool, [], offer.height)
  engine.options.mempool.expire(offer.height)
  enterEpoch(engine, epochAfter(engine.options, offer.height))
  endSync(engine, peer, true)
}
