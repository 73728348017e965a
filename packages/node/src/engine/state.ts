import type { Address, Hash } from '@banyan/base'
import type {
  BlockRef,
  Certificate,
  Committee,
  Core,
  CoreEvent,
  Justification,
  SignerMemory,
  Validator,
  VotingScheme,
} from '@banyan/consensus'
import type { Chain, DescribedBatch, Head, StateView } from '@banyan/ledger'
import type { EpochRecord } from '@banyan/light'
import type { PeerId } from '@banyan/network'
import type { KeptCertificate } from '../store/certificates.js'
import type { StoredBlock } from '../store/replay.js'
import type { BatchPool } from './batch-pool.js'
import type { EngineEffect } from './events.js'
import type { MempoolPort } from './mempool-port.js'
import type { ConsensusRules } from './network-genesis.js'
import type { BlockNode, BlockTree } from './tree.js'
import type { ProgramVersions } from './versions.js'
import type { VoteMemory } from './vote-memory.js'

/** The keys of a validator. Signing is synchronous: messages are 32-byte hashes. */
export type SignerKeys = {
  readonly address: Address
  readonly ed25519Key: Uint8Array
  readonly signEd25519: (message: Uint8Array) => Uint8Array
  readonly blsKey: Uint8Array
  readonly signBls: (message: Uint8Array) => Uint8Array
}

export type EngineOptions = {
  /** As the store recovered it: it ends with the newest final block. The engine moves it from now on. */
  readonly chain: Chain
  readonly rules: ConsensusRules
  readonly versions: ProgramVersions
  /** This node's own name among its peers. */
  readonly peerId: PeerId
  /** Absent for a node that only follows. */
  readonly signer: SignerKeys | undefined
  /** What else the folders hold: of `ChainStore`, and of `NodeSigner` for a validator. */
  readonly recovered: {
    readonly candidates: readonly StoredBlock[]
    readonly proof: Uint8Array | undefined
    readonly epochs: readonly Uint8Array[]
    readonly certificates: readonly KeptCertificate[]
    /** What was signed in an epoch, `undefined` where nothing may be; no function for a signer that lost its memory. */
    readonly memory: ((epoch: number) => SignerMemory | undefined) | undefined
  }
  readonly mempool: MempoolPort
  /**
   * Who votes in the epoch after the next one, as the state before the last block of an epoch says. By default always
   * the committee of the genesis.
   */
  readonly elect?: (view: StateView, epoch: number) => readonly Validator[]
  /** Time between two drains of the mempool, ms. */
  readonly batchInterval: number
  /** Blocks that a node may be behind before it asks for a snapshot instead of all blocks; absent for one that needs them all. */
  readonly snapshotLag: number | undefined
}

export type Peer = {
  readonly id: PeerId
  /** Hexadecimal ed25519 key that it has proven to own. */
  validator: string | undefined
  greeted: boolean
  /** Speaks other versions of messages only. */
  foreign: boolean
  /** What it has said of itself, once it has. */
  told: boolean
  epoch: number
  height: number
  /** Requests that it failed in a row: others are asked first. */
  failures: number
}

/** One epoch as this node runs it. */
export type Epoch = {
  readonly number: number
  readonly committee: Committee
  readonly scheme: VotingScheme
  /** Key of a member as peers prove it, and address as headers name it, to its index. */
  readonly indexOfKey: ReadonlyMap<string, number>
  readonly indexOfAddress: ReadonlyMap<string, number>
  readonly start: Head['id']
  /** Heights of the start block and of the last block. */
  readonly startHeight: number
  readonly endHeight: number
  /** Runs only in a member of the committee. */
  readonly core: Core | undefined
  /** Whether the core signs. */
  readonly voting: boolean
}

/** A proposal or a fetched block before its payload is complete. */
export type Candidate = {
  readonly key: string
  readonly id: Hash
  readonly ref: BlockRef
  readonly header: BlockNode['header']
  readonly digests: readonly Hash[]
  readonly from: PeerId | undefined
  /** Its proposer's vote, unchecked; empty where it is not known. */
  vote: Uint8Array
}

/** A block that consensus wants checked; `from` is the member that sent it. */
export type Check = { readonly ref: BlockRef; readonly from: number | undefined }

export type Build = {
  readonly view: number
  readonly parent: { readonly id: Hash; readonly height: number; readonly view: number }
  readonly justification: Justification
  readonly notBefore: number
}

/** Something asked of a peer or of a thread, by the number of the job. */
export type Job =
  | { readonly kind: 'verify'; readonly done: (described: DescribedBatch | undefined) => void }
  | { readonly kind: 'request'; readonly done: (parts: readonly Uint8Array[] | undefined) => void }
  | { readonly kind: 'restore'; readonly done: (chain: Chain | undefined) => void }

/** A wanted block or batch, and who was asked for it. */
export type Fetch = { readonly asked: Set<PeerId>; busy: boolean; retryAt: number }

/** State of an engine. It belongs to `step` alone. */
export type EngineState = {
  readonly options: EngineOptions
  chain: Chain
  now: number
  effects: EngineEffect[]
  readonly tree: BlockTree
  readonly pool: BatchPool
  readonly peers: Map<PeerId, Peer>
  epoch: Epoch
  readonly records: EpochRecord[]
  /** What waits for the core, the first being dealt with. */
  readonly coreEvents: {
    readonly epoch: Epoch
    readonly event: CoreEvent
    /** The peer that a message came from. */
    readonly sender: PeerId | undefined
  }[]
  readonly candidates: Map<string, Candidate>
  readonly checks: Map<string, Check>
  readonly fetches: Map<string, Fetch>
  build: Build | undefined
  /** A block that is known to be final but is not here yet. */
  wanted: { readonly id: Hash; readonly certificate: Certificate } | undefined
  /** Newest final blocks, for peers that ask. */
  readonly recent: Map<string, BlockNode>
  /** Proof for the newest final block. */
  proof: Uint8Array | undefined
  readonly jobs: Map<number, Job>
  nextJob: number
  nextBatchAt: number
  /** Batches of peers that are being verified. */
  receiving: number
  syncing: boolean
  syncRetryAt: number
  /** First epoch in which a signer that lost its memory may vote again; known once enough peers have told theirs. */
  quarantineUntil: number | undefined
  /** Whether it has begun a new memory. */
  released: boolean
  /** Of the running epoch. */
  votes: VoteMemory
  /** Whether the core knows that something waits to be ordered. */
  pending: boolean
  coreWakeAt: number
  wakeAt: number
}
