import { join } from 'node:path'
import type { BanyanError } from '@banyan/base'
import { type Address, asAddress, assert, type Hash } from '@banyan/base'
import type { Loss } from '@banyan/consensus'
import {
  type Chain,
  type ChainOptions,
  type DescribedBatch,
  describeBatch,
  type ExecutedBlock,
  walletBaseFee,
} from '@banyan/ledger'
import type { Pool } from '@banyan/ledger/threads'
import { createNetwork, type Network, type NetworkOptions } from '@banyan/network'
import type { Disk } from '@banyan/storage'
import { openNodeDisk } from '@banyan/storage/node'
import type { BlockRecord } from '../api/history.js'
import type { NodeApi } from '../api/port.js'
import { createDriver, type Driver, type DriverParts } from '../driver/driver.js'
import { createEngine, type EngineView } from '../engine/engine.js'
import type { ConsensusRules } from '../engine/network-genesis.js'
import type { SignerKeys } from '../engine/state.js'
import { programVersions } from '../engine/versions.js'
import { type HistoryIndex, openHistory } from '../history/index.js'
import type { Mempool, MempoolOptions } from '../mempool/mempool.js'
import type { Follower } from '../store/options.js'
import { type NodeSigner, openNodeSigner } from '../store/signer.js'
import { type ChainStore, openChainStore } from '../store/store.js'
import { createBlockCache } from './block-cache.js'
import { electRegistered } from './elect.js'
import { endAll } from './end-all.js'
import { createLiveApi, type LiveApi } from './node-api.js'
import { openMempool } from './open-mempool.js'
import { timedDisk } from './timed-disk.js'

/** Folders in which a node syncs what must be durable. */
export type NodeFolder = 'chain' | 'signer' | 'mempool'

export type NodeOptions = {
  /** Folder of the node's data: chain, index and signer have folders of their own in it. */
  readonly folder: string
  /** The chain, its genesis as of `networkGenesis`. */
  readonly chainOptions: ChainOptions
  readonly rules: ConsensusRules
  readonly pool: Pool
  readonly network: Omit<NetworkOptions, 'genesis'>
  /** Addresses of peers to stay connected with. */
  readonly peers: readonly string[]
  /** Absent for a node that only follows. `isNew` if the key is used on this chain for the first time. */
  readonly validator?: { readonly keys: SignerKeys; readonly isNew: boolean }
  readonly mempool: MempoolOptions
  /** Time between two batches of waiting transactions, ms. */
  readonly batchInterval: number
  /** Final blocks between two snapshots of the state. */
  readonly snapshotEvery: number
  /** Blocks that it may be behind before it asks for a snapshot instead of all blocks; absent if it needs them all. */
  readonly snapshotLag: number | undefined
  /** Whether all blocks are kept, or those after the oldest snapshot only. */
  readonly history: 'all' | 'recent'
  /** Version of the program, for clients. */
  readonly version: string
  readonly onEvidence: DriverParts['onEvidence']
  /** A transaction was not taken in. */
  readonly onRefused: (error: BanyanError) => void
  /** A sync of a file or a folder took so many ms. */
  readonly onSync: (folder: NodeFolder, duration: number) => void
  /** The node cannot go on; stop it. */
  readonly onFailure: (error: unknown) => void
}

/** A node at work. */
export type RunningNode = {
  readonly network: Network
  /** What the public APIs are served from. */
  readonly api: NodeApi
  readonly view: () => EngineView
  /** The time that blocks are judged by, in ms since 1970: the clock as it was at the start, and what has passed since. */
  readonly now: () => number
  readonly mempool: Pick<Mempool, 'count' | 'bytes'>
  /** How the memory of the validator's key was lost, if it was: it does not vote for two epochs or more. */
  readonly signerLoss: Loss | undefined
  /** Ends all work; resolves when everything is on the disk. Rejects with what the disk failed with. */
  readonly stop: () => Promise<void>
}

const keepSnapshots = 2
/** Bytes of encoded blocks that are kept for readers. */
const keptBlockBytes = 2 ** 26
const rowBytes = 64
const addressBytes = 20

/**
 * Opens a data folder and starts the node on it. Errors: those of `openChainStore`, `openHistory`, `openNodeSigner` and
 * `createNetwork`; whatever was opened is closed again.
 */
export async function openNode(options: NodeOptions): Promise<RunningNode> {
  const opened: (() => Promise<void>)[] = []
  try {
    return await open(options, opened)
  } catch (error) {
    await endAll(opened.reverse()).catch(() => undefined)
    throw error
  }
}

async function open(options: NodeOptions, opened: (() => Promise<void>)[]): Promise<RunningNode> {
  const { folder, chainOptions, rules, pool, validator, onFailure } = options
  const { provider } = chainOptions
  let live: LiveApi | undefined
  let lastRecorded: BlockRecord | undefined
  let index: HistoryIndex | undefined
  let store: ChainStore | undefined
  let chain = (): Chain => store!.chain
  const blocks = createBlockCache((from, limits) => store!.readRange(from, limits), keptBlockBytes)

  /** Opens the index before the chain is recovered, so that it gets the blocks that it has missed. */
  const follow = async (genesis: Chain): Promise<Follower> => {
    chain = () => genesis
    index = await openHistory({
      folder: join(folder, 'index'),
      provider,
      genesisId: genesis.genesisId,
      readBlock: async (height, from, to) => (await blocks.fetch(height))?.subarray(from, to),
      addressOf: (account) => addressOf(chain(), account),
      onRecorded: (record) => {
        lastRecorded = record
        live?.recorded(record)
      },
    })
    opened.push(index.close)
    const head = index.head()
    if (head === undefined) {
      await index.record(genesisBlock(genesis))
      // The APIs show the newest block that the index knows: there must be one, however slow the disk.
      await index.durable()
    }
    return { from: (head ?? 0) + 1, take: ({ executed, described }) => record(executed, described) }
  }

  const record = (executed: ExecutedBlock, batches: readonly DescribedBatch[]): Promise<void> | undefined =>
    index!.record({ block: executed, batches, baseFee: walletBaseFee(executed.prices) })

  store = await openChainStore({
    disk: await openDisk(options, 'chain'),
    chainOptions,
    snapshotEvery: options.snapshotEvery,
    keepSnapshots,
    history: options.history,
    repair: true,
    follow,
  })
  opened.push(store.close)
  assert(index !== undefined, 'opening the store opens the index')
  const signer = validator && (await openSigner(options, store.chain.genesisId, validator))
  if (signer !== undefined) opened.push(signer.close)

  const { domains, genesisId } = store.chain
  let driver: Driver
  const { mempool, submit, ...waiting } = await openMempool({
    disk: await openDisk(options, 'mempool'),
    genesisId,
    mempool: options.mempool,
    chain: () => chain(),
    verify: (batch) => pool.verify(domains, batch),
    onAdded: (ids) => {
      live?.added(ids)
      driver.give({ kind: 'waiting' })
    },
    onRefused: options.onRefused,
    onFailure,
  })
  opened.push(waiting.close)
  const network = await createNetwork(
    { ...options.network, genesis: genesisId },
    {
      onMessage: (peer, _channel, bytes) => driver.give({ kind: 'message', peer, bytes }),
      onRequest: (peer, bytes, signal) => driver.answer(peer, bytes, signal),
      onConnected: (peer) => driver.give({ kind: 'connected', peer }),
      onDisconnected: (peer) => driver.give({ kind: 'disconnected', peer }),
    },
  )
  opened.push(network.close)

  const engine = createEngine({
    chain: store.chain,
    rules,
    versions: programVersions,
    peerId: network.id,
    signer: validator?.keys,
    recovered: { ...store, memory: signer?.memory },
    mempool,
    elect: electRegistered(provider, rules),
    batchInterval: options.batchInterval,
    snapshotLag: options.snapshotLag,
  })
  chain = engine.chain
  const start = Date.now() - performance.now()
  const now = (): number => start + performance.now()
  driver = createDriver({
    engine,
    store,
    signer,
    network: () => network,
    chainOptions,
    verify: (batch) => pool.verify(domains, batch),
    describe: (batch) => describeBatch(provider, domains, batch),
    now,
    after: (delay, act) => {
      const timer = setTimeout(act, delay)
      return () => clearTimeout(timer)
    },
    onFinal: (final) => {
      live?.executed(final)
      record(final.executed, final.described)?.catch(onFailure)
    },
    onEvidence: options.onEvidence,
    onFailure,
  })
  const head = lastRecorded ?? (await index.history.blockAt(index.head()!))
  assert(head !== undefined, 'the index knows its newest block')
  const parts = { engine, store, mempool, index, submit, version: options.version, head }
  live = createLiveApi(parts)
  driver.give({ kind: 'start' })
  for (const address of options.peers) network.keepConnected(address)

  const { close } = live
  const stop = (): Promise<void> =>
    endAll([
      async () => close(),
      network.close,
      driver.stop,
      waiting.close,
      index!.close,
      async () => signer?.close(),
      store!.close,
    ])
  return { network, api: live.node, view: engine.view, now, mempool, signerLoss: signer?.loss, stop }
}

/** Opens a folder of the node, whose syncs are timed. */
async function openDisk({ folder, onSync }: NodeOptions, name: NodeFolder): Promise<Disk> {
  const disk = await openNodeDisk(join(folder, name))
  return timedDisk(
    disk,
    () => performance.now(),
    (duration) => onSync(name, duration),
  )
}

async function openSigner(
  options: NodeOptions,
  genesisId: Hash,
  { keys, isNew }: NonNullable<NodeOptions['validator']>,
): Promise<NodeSigner> {
  const { provider } = options.chainOptions
  const disk = await openDisk(options, 'signer')
  return openNodeSigner({ disk, provider, genesisId, ed25519Key: keys.ed25519Key, isNew })
}

/** Address of an account number, which is its row. */
function addressOf({ state }: Chain, account: number): Address {
  return asAddress(state.accounts.rows.bytes.slice(account * rowBytes, account * rowBytes + addressBytes))
}

/** What the index keeps of a genesis: a block without transactions. */
function genesisBlock({ head: { header, id }, genesis }: Chain): Parameters<HistoryIndex['record']>[0] {
  const nothing = { receipts: new Uint8Array(0), logs: new Map(), itemResults: new Map() }
  return { block: { header, id, ...nothing }, batches: [], baseFee: walletBaseFee(genesis.fees.start) }
}
