import type { Hash } from '@banyan/base'
import type { Committee } from '@banyan/consensus'
import type { Chain, Head } from '@banyan/ledger'
import type { EpochRecord } from '@banyan/light'
import { createPool, forgetAuthor } from './batch-pool.js'
import { drainMempool, isPending } from './batches.js'
import { advanceBuild } from './builds.js'
import { advanceChecks } from './checks.js'
import { stepCore } from './core-step.js'
import { openEpoch } from './epochs.js'
import type { EngineEffect, EngineEvent } from './events.js'
import { advanceWanted } from './finality.js'
import { blockWith } from './included.js'
import { endJob } from './jobs.js'
import { connect } from './peers.js'
import { receiveMessage } from './receive.js'
import { knowsEpochs, readEpochRecords, resume } from './recovery.js'
import { serve } from './serve.js'
import type { EngineOptions, EngineState } from './state.js'
import { advanceSync, crediblePeers } from './sync.js'
import { createTree } from './tree.js'
import { requireRules, rulesVersion } from './versions.js'
import { recoveredVotes } from './vote-memory.js'
import { nextWake } from './wake.js'

/** What can be seen of an engine between two steps. */
export type EngineView = {
  /** Executed blocks, final or not: what admission to the mempool asks. `finalView` shows the final state. */
  readonly chain: Chain
  readonly final: Head
  /** Proof that it is final, encoded; none for the genesis block. */
  readonly proof: Uint8Array | undefined
  readonly epoch: number
  /** Current view of the epoch; 0 for a node that does not take part in it. */
  readonly view: number
  /** Who votes in this epoch. */
  readonly committee: Committee
  /** What finished epochs left, each at its number. */
  readonly records: readonly EpochRecord[]
  /** Whether this node signs in this epoch. */
  readonly voting: boolean
  /** Whether it is catching up with its peers. */
  readonly syncing: boolean
  /** Newest final height that this node or one of its peers has told, unless that peer keeps failing to show it. */
  readonly target: number
  readonly peers: number
  /** Those of them that speak other versions only. */
  readonly foreignPeers: number
  /** Version of the rules for the block after the newest final one. */
  readonly rulesVersion: number
  /** Batches, and bytes in them, that wait or are above the final block. */
  readonly batches: number
  readonly batchBytes: number
}

/** A whole node but for its clock, its disk, its threads and its sockets. */
export type Engine = {
  /**
   * Takes an event at a time in milliseconds that never goes back; `start` comes first. Never throws for what peers send, but
   * UpgradeRequired where the network has agreed on a block that this program cannot judge.
   */
  readonly step: (event: EngineEvent, now: number) => readonly EngineEffect[]
  readonly view: () => EngineView
  /** The chain of the view, which is asked for with every transaction. */
  readonly chain: () => Chain
  /** The block above the newest final one that includes a transaction, and may still be taken back. */
  readonly blockWith: (id: Hash) => Head | undefined
}

/**
 * Makes an engine from what its store has recovered. Errors: MessageMalformed where that is damaged, UpgradeRequired where
 * it goes further than the rules of this program.
 */
export function createEngine(options: EngineOptions): Engine {
  const engine = initialState(options)
  requireRules(engine, engine.tree.final.header)
  return {
    step: (event, now) => step(engine, event, now),
    view: () => viewOf(engine),
    chain: () => engine.chain,
    blockWith: (id) => blockWith(engine, id),
  }
}

function initialState(options: EngineOptions): EngineState {
  const { chain, recovered } = options
  const records = readEpochRecords(recovered.epochs)
  return {
    options,
    chain,
    now: 0,
    effects: [],
    tree: createTree(chain.head),
    pool: createPool(),
    peers: new Map(),
    // Nobody votes before the start.
    epoch: openEpoch({ options: { ...options, signer: undefined }, chain, records }, 0, undefined, []),
    records,
    coreEvents: [],
    candidates: new Map(),
    checks: new Map(),
    fetches: new Map(),
    build: undefined,
    wanted: undefined,
    recent: new Map(),
    proof: recovered.proof,
    jobs: new Map(),
    nextJob: 1,
    nextBatchAt: 0,
    receiving: 0,
    syncing: false,
    syncRetryAt: 0,
    quarantineUntil: undefined,
    released: false,
    votes: recoveredVotes(options, 0),
    pending: false,
    coreWakeAt: Number.POSITIVE_INFINITY,
    wakeAt: Number.POSITIVE_INFINITY,
  }
}

function step(engine: EngineState, event: EngineEvent, now: number): readonly EngineEffect[] {
  engine.now = now
  engine.effects = []
  // A timer is used up, also one that came a little early: what is due next has to be named again.
  if (event.kind === 'time') engine.wakeAt = Number.POSITIVE_INFINITY
  handle(engine, event)
  advance(engine)
  const wake = nextWake(engine)
  if (wake !== engine.wakeAt && wake !== Number.POSITIVE_INFINITY)
    engine.effects.push({ kind: 'wake', at: wake })
  engine.wakeAt = wake
  return engine.effects
}

function handle(engine: EngineState, event: EngineEvent): void {
  switch (event.kind) {
    case 'start':
      resume(engine)
      return
    case 'time':
    case 'waiting':
      return
    case 'connected':
      connect(engine, event.peer)
      return
    case 'disconnected':
      engine.peers.delete(event.peer)
      forgetAuthor(engine.pool, event.peer)
      return
    case 'message':
      receiveMessage(engine, event.peer, event.bytes)
      return
    case 'verified':
      endJob(engine, event.job, 'verify')?.done(event.described)
      return
    case 'answer':
      endJob(engine, event.job, 'request')?.done(event.parts)
      return
    case 'restored':
      endJob(engine, event.job, 'restore')?.done(event.chain)
      return
    case 'request':
      serve(engine, event.token, event.bytes)
      return
  }
}

/** Does what has become possible by the event or by the time. */
function advance(engine: EngineState): void {
  drainMempool(engine)
  const pending = isPending(engine)
  if (pending !== engine.pending) {
    engine.pending = pending
    stepCore(engine, { kind: 'pending', pending })
  }
  if (engine.now >= engine.coreWakeAt) {
    engine.coreWakeAt = Number.POSITIVE_INFINITY
    stepCore(engine, { kind: 'time' })
  }
  advanceChecks(engine)
  advanceWanted(engine)
  advanceBuild(engine)
  advanceSync(engine)
}

function viewOf(engine: EngineState): EngineView {
  const { chain, tree, proof, epoch, records, peers, pool, options } = engine
  const { height } = tree.final.header
  const target = Math.max(height, ...crediblePeers(engine).map((peer) => peer.height))
  return {
    chain,
    final: tree.final,
    proof,
    epoch: epoch.number,
    view: epoch.core?.view ?? 0,
    committee: epoch.committee,
    records,
    voting: epoch.voting,
    syncing: engine.syncing && (target > height || !knowsEpochs(engine)),
    target,
    peers: peers.size,
    foreignPeers: [...peers.values()].filter(({ foreign }) => foreign).length,
    rulesVersion: rulesVersion(options.rules, height + 1),
    batches: pool.batches.size,
    batchBytes: pool.bytes,
  }
}
