import type { Address, ChainId, Hash, Height } from '@banyan/base'
import type { Contract } from './contract.js'
import type { GasMeter } from './gas.js'
import type { Host } from './host.js'
import type { Overlay } from './overlay.js'

/** What contracts may know of the block they run in. Time is that of the header, in milliseconds. */
export type BlockContext = {
  readonly chainId: ChainId
  readonly height: Height
  readonly timestamp: bigint
  readonly proposer: Address
}

/** Ethereum's log: at most four topics. */
export type Log = {
  readonly address: Address
  readonly topics: readonly Hash[]
  readonly data: Uint8Array
}

/** One call as a transaction makes it. `data` is ABI-encoded; gas is compute gas. */
export type CallRequest = {
  readonly block: BlockContext
  /** Id of the transaction, and the position of this call in it: together they make derived ids unique. */
  readonly transactionId: Hash
  readonly callIndex: number
  /** Account that pays `value` and in whose name the contract acts. */
  readonly caller: Address
  /** Account of the transaction. */
  readonly origin: Address
  readonly to: Address
  /** FIG in pip, below 2^128. */
  readonly value: bigint
  readonly data: Uint8Array
  readonly gasLimit: number
  /** Logs that the transaction may still emit; at most `maxLogs` for all its calls. */
  readonly logLimit: number
}

export const maxLogs = 1024
export const maxLogData = 65_536
export const maxCallDepth = 16

/** What the keys of a call may depend on: the call alone, never the state. */
export type KeyContext = {
  readonly host: Host
  readonly contract: Contract
  readonly block: BlockContext
  readonly transactionId: Hash
  readonly callIndex: number
  readonly caller: Address
  readonly origin: Address
  /** Address under which the contract was called. */
  readonly self: Address
  readonly value: bigint
}

/** What operations on funds need. */
export type Execution = {
  readonly overlay: Overlay
  readonly meter: GasMeter
  /** Set while a view runs: nothing may be written. */
  readonly readOnly: boolean
}

/** What a running method works on. Host operations are functions that take it as their first argument. */
export type CallContext = KeyContext &
  Execution & {
    readonly depth: number
    /** Shared with nested calls. */
    readonly effects: Effects
  }

/** Logs so far, in order, and the number of unique ids given out in this call. */
export type Effects = { readonly logs: Log[]; readonly logLimit: number; uniqueIds: number }
