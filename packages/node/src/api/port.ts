import type { Address, BanyanError, ChainId, Hash } from '@banyan/base'
import type { CryptoProvider } from '@banyan/crypto'
import type {
  BlockContext,
  Collection,
  GasVector,
  Prices,
  SimulatedCall,
  Simulation,
  StateView,
} from '@banyan/ledger'
import type { ProofRequest } from '@banyan/light'
import type { BlockRecord, History } from './history.js'

/** What the public APIs need of a node. All of it shows final blocks only, but for what says otherwise. */
export type NodeApi = {
  readonly identity: Identity
  readonly status: () => NodeStatus
  readonly validators: () => ValidatorSet
  /** The newest final block. */
  readonly head: () => BlockRecord
  /** State after the newest final block; valid until the caller gives up control (no `await` between uses). */
  readonly view: () => StateView
  /** The newest final block, as contracts see it. */
  readonly block: () => BlockContext
  /** Base fees of the block after the newest final one. */
  readonly prices: () => Prices
  /** Runs a call on the state after the newest final block, without effects. Error: GasLimitTooLow. */
  readonly simulate: (call: SimulatedCall) => Simulation
  /**
   * Takes transactions in, in the given order, and answers for each in the same order. Whoever gets an id may forget the
   * transaction: the node spreads it. `envelopes` must not change until then. Never rejects.
   */
  readonly submit: (envelopes: readonly Uint8Array[]) => Promise<readonly SubmitOutcome[]>
  /** The nonce that the next Ethereum transaction of an account needs, those that wait counted. */
  readonly pendingNonce: (account: Address) => bigint
  /** A transaction that is in no final block, if this node knows of it. */
  readonly waiting: (id: Hash) => WaitingTransaction | undefined
  /** Resolves when `history` knows every block that is final by now: in between a transaction is in neither place. */
  readonly indexed: () => Promise<void>
  /** Calls the listener after each final block, in order; `history` knows the block by then. Returns what ends it. */
  readonly onFinal: (listener: (block: BlockRecord) => void) => () => void
  /** Calls the listener with ids of transactions that were taken in. Returns what ends it. */
  readonly onPending: (listener: (ids: readonly Hash[]) => void) => () => void
  /**
   * Proof of something as of a final block; `undefined` if there is none to be had. Rows of the state are shown under
   * the next block, and the answer waits for it. Errors: ProofUnavailable, RequestLimitExceeded.
   */
  readonly prove: (request: ProofRequest) => Promise<Proof | undefined>
  /** Proof that a block is final; `undefined` if this node has no such block. Error: RequestLimitExceeded. */
  readonly certificate: (height: number) => Promise<Certificate | undefined>
  /** Encoded records of finished epochs from one on, at most `limit`; none where they are not known. */
  readonly epochs: (from: number, limit: number) => readonly Uint8Array[]
  readonly history: History
}

export type Identity = {
  readonly chainId: ChainId
  readonly genesisId: Hash
  /** Version of the program, such as "0.1.0". */
  readonly version: string
  readonly provider: CryptoProvider
  readonly collection: Collection
  /** Most gas of a block. */
  readonly gasLimit: GasVector
}

export type NodeStatus = {
  /** Peers that are connected. */
  readonly peers: number
  /** Whether the node is catching up, and the newest final height that it knows of. */
  readonly syncing: { readonly target: number } | undefined
  /** Whether the node can serve: it has caught up and its peers suffice. */
  readonly ready: boolean
}

export type ValidatorSet = {
  readonly epoch: number
  readonly validators: readonly {
    readonly address: Address
    readonly publicKey: Uint8Array
    readonly weight: bigint
  }[]
}

/** The id of a transaction that was taken in, or why it was not. */
export type SubmitOutcome =
  | { readonly id: Hash; readonly error?: undefined }
  | { readonly id?: undefined; readonly error: BanyanError }

/** A transaction outside of final blocks. */
export type WaitingTransaction = {
  readonly envelope: Uint8Array
  readonly sender: Address
  readonly state:
    | { readonly kind: 'pending' }
    /** In a block that is not final yet. */
    | { readonly kind: 'included'; readonly height: number; readonly blockId: Hash }
    /** It can never be included any more: `TransactionExpired`, or what else has come in between. */
    | { readonly kind: 'dropped'; readonly error: BanyanError }
}

/** Encoded proof (`decodeProof` of @banyan/light), and the final block that it leads to. */
export type Proof = { readonly height: number; readonly blockId: Hash; readonly bytes: Uint8Array }

/** Encoded proof that the block at `height` is final (`decodeFinality` of @banyan/light). */
export type Certificate = { readonly height: number; readonly blockId: Hash; readonly bytes: Uint8Array }
