import type { MessagePort } from 'node:worker_threads'
import type { CallEnvironment } from '../execute/call-result.js'
import type { GroupResult } from '../execute/group.js'
import type { SigningDomains } from '../tx/authorize.js'
import type { PackedError } from './errors.js'
import type { SharedTables } from './shared-tables.js'

export type ProviderName = 'native' | 'portable'

/** What a worker is started with. */
export type WorkerSetup = {
  readonly index: number
  readonly provider: ProviderName
  /** URL of the module that exports the collection, and under which name. */
  readonly collectionModule: string
  readonly collectionName: string
  readonly control: Int32Array
  /** Brings groups; apart from slices, because the main thread waits for the answers. */
  readonly groups: MessagePort
}

/** Asks a worker to describe and verify a part of a batch, which is a batch of its own. */
export type SliceRequest = {
  readonly id: number
  readonly domains: SigningDomains
  readonly bytes: Uint8Array
}

export type SliceContent = {
  readonly ids: Uint32Array
  readonly senders: Uint32Array
  readonly leaves: Uint8Array
  /** `VerifiedTransaction`s of a general batch, back to back; empty for transfers. */
  readonly verified: Uint8Array
}

export type SliceAnswer = { readonly id: number } & (
  | { readonly content: SliceContent }
  | { readonly error: PackedError }
)

/** Asks a worker to execute groups of calls. */
export type GroupsRequest = {
  readonly share: number
  readonly environment: CallEnvironment
  readonly collectionVersion: number
  /** Number of calls of each group. */
  readonly sizes: readonly number[]
  /** Calls of all groups, back to back. */
  readonly calls: Uint8Array
  /** Tables to read from now on; absent if they are still the ones sent before. */
  readonly tables?: SharedTables
  readonly assetCount: number
}

export type GroupsAnswer = { readonly share: number } & (
  | { readonly results: readonly GroupResult[] }
  | { readonly error: PackedError }
)
