import {
  type Address,
  asChainId,
  asHeight,
  type BanyanError,
  banyanError,
  type Hash,
  toHex,
} from '@banyan/base'
import { finalView, type Prices, readPrices, roomOf, simulateCall } from '@banyan/ledger'
import { encodeEpochRecord } from '@banyan/light'
import type { BlockRecord } from '../api/history.js'
import type { NodeApi, SubmitOutcome, WaitingTransaction } from '../api/port.js'
import type { Engine } from '../engine/engine.js'
import type { FinalBlock } from '../engine/events.js'
import type { HistoryIndex } from '../history/index.js'
import type { Dropped, Mempool } from '../mempool/mempool.js'
import type { ChainStore } from '../store/store.js'
import { createBlockProofs } from './block-proofs.js'
import { createRowProofs } from './row-proofs.js'

export type NodeApiParts = {
  readonly engine: Engine
  readonly store: ChainStore
  readonly mempool: Mempool
  readonly index: HistoryIndex
  readonly submit: (envelopes: readonly Uint8Array[]) => Promise<readonly SubmitOutcome[]>
  /** Version of the program. */
  readonly version: string
  /** Newest block of the index. */
  readonly head: BlockRecord
}

/** What the public APIs see of a running node, and what the node tells them. */
export type LiveApi = {
  readonly node: NodeApi
  /** A block is final; the index may not know it yet. */
  readonly executed: (block: FinalBlock) => void
  /** The index knows a block. */
  readonly recorded: (block: BlockRecord) => void
  readonly added: (ids: readonly Hash[]) => void
  /** Answers whoever still waits for a proof. */
  readonly close: () => void
}

/** Ends of transactions that are told to whoever asks later. */
const maxEnds = 10_000

export function createLiveApi(parts: NodeApiParts): LiveApi {
  const { engine, store, mempool, index } = parts
  const finalListeners = new Set<(block: BlockRecord) => void>()
  const pendingListeners = new Set<(ids: readonly Hash[]) => void>()
  const ends = new Map<string, WaitingTransaction>()
  let head = parts.head
  /** Those who wait until the index knows the block that was the newest final one when they asked. */
  let awaitingIndex: { readonly until: number; readonly resolve: () => void }[] = []
  let prices: Prices = readPrices(engine.chain().state)

  const { chain } = engine
  const rows = createRowProofs(chain)
  const blocks = createBlockProofs({ store, index, chain })
  const view: NodeApi['view'] = () => finalView(chain().state)

  const noteEnds = (): void => {
    for (const dropped of mempool.takeDropped()) {
      const { envelope, sender } = dropped
      ends.set(dropped.key, { envelope, sender, state: { kind: 'dropped', error: endOf(dropped) } })
      if (ends.size > maxEnds) ends.delete(ends.keys().next().value!)
    }
  }

  const block: NodeApi['block'] = () => {
    const { height, timestamp, proposer } = head.header
    const { chainId } = chain().genesis
    return { chainId: asChainId(chainId), height: asHeight(BigInt(height)), timestamp, proposer }
  }

  const node: NodeApi = {
    identity: {
      chainId: chain().domains.chainId,
      genesisId: chain().genesisId,
      version: parts.version,
      provider: chain().provider,
      collection: chain().host.collection,
      gasLimit: chain().genesis.fees.limit,
    },
    status: () => {
      const { syncing, peers, target, committee } = engine.view()
      // Who knows nobody cannot know whether it has caught up.
      const isHeard = peers > 0 || committee.validators.length === 1
      return { peers, syncing: syncing ? { target } : undefined, ready: !syncing && isHeard }
    },
    validators: () => {
      const { committee } = engine.view()
      const validators = committee.validators.map(({ address, ed25519Key, weight }) => ({
        address,
        publicKey: ed25519Key,
        weight: BigInt(weight),
      }))
      return { epoch: committee.epoch, validators }
    },
    head: () => head,
    view,
    block,
    prices: () => prices,
    simulate: (call) =>
      simulateCall({ host: chain().host, view: view(), block: block(), room: roomOf(chain().state) }, call),
    submit: parts.submit,
    pendingNonce: (account: Address) => mempool.pendingNonce(account),
    waiting: (id) => {
      noteEnds()
      const found = mempool.find(id)
      if (found === undefined) return ends.get(toHex(id))
      const block = engine.blockWith(id)
      if (block === undefined) return { ...found, state: { kind: 'pending' } }
      return { ...found, state: { kind: 'included', height: block.header.height, blockId: block.id } }
    },
    indexed: () => {
      const until = engine.view().final.header.height
      if (head.header.height >= until) return Promise.resolve()
      return new Promise((resolve) => {
        awaitingIndex.push({ until, resolve })
      })
    },
    onFinal: listen(finalListeners),
    onPending: listen(pendingListeners),
    prove: async (request) => {
      switch (request.kind) {
        case 'receipt':
        case 'transaction':
        case 'headerField':
        case 'header':
          return blocks.prove(request)
        default:
          return rows.prove(request)
      }
    },
    certificate: blocks.certificate,
    epochs: (from, limit) =>
      engine
        .view()
        .records.slice(from, from + limit)
        .map(encodeEpochRecord),
    history: index.history,
  }

  return {
    node,
    executed: (final) => {
      prices = final.executed.nextPrices
      noteEnds()
      rows.final(final)
    },
    recorded: (record) => {
      head = record
      const { height } = record.header
      for (const { until, resolve } of awaitingIndex) if (until <= height) resolve()
      awaitingIndex = awaitingIndex.filter(({ until }) => until > height)
      for (const listener of finalListeners) listener(record)
    },
    added: (ids) => {
      for (const listener of pendingListeners) listener(ids)
    },
    close: rows.close,
  }
}

function listen<Listener>(listeners: Set<Listener>): (listener: Listener) => () => void {
  return (listener) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }
}

/** Why a transaction that was taken in will not be included. */
function endOf({ reason, validUntil }: Dropped): BanyanError {
  switch (reason) {
    case 'expired':
      return banyanError('TransactionExpired', { validUntil, height: validUntil + 1 })
    case 'replaced':
      return banyanError('TransactionReplaced')
    case 'evicted':
      return banyanError('TransactionEvicted')
    case 'skipped':
      return banyanError('TransactionLeftOut')
  }
}
