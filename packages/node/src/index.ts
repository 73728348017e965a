export { createDriver, type Driver, type DriverParts } from './driver/driver.js'
export { createIntake, type Intake, type IntakeParts } from './driver/intake.js'
export { createEngine, type Engine, type EngineView } from './engine/engine.js'
export {
  type EngineEffect,
  type EngineEvent,
  type FinalBlock,
  waitsForDisk,
  writesToDisk,
} from './engine/events.js'
export type { MempoolPort, Outcome, Taken } from './engine/mempool-port.js'
export { decodeMessage, encodeMessage, type Message } from './engine/messages.js'
export {
  type ConsensusRules,
  networkGenesis,
  type ScheduleRule,
  type Upgrade,
} from './engine/network-genesis.js'
export { offerParts, rangeParts } from './engine/requests.js'
export type { EngineOptions, SignerKeys } from './engine/state.js'
export { type ProgramVersions, programVersions } from './engine/versions.js'
export {
  type Dropped,
  type FinalAccounts,
  Mempool,
  type MempoolOptions,
} from './mempool/mempool.js'
export { type BlockCache, createBlockCache } from './process/block-cache.js'
export { type BlockProofs, createBlockProofs } from './process/block-proofs.js'
export { electRegistered } from './process/elect.js'
export { type NodeOptions, openNode, type RunningNode } from './process/open-node.js'
export { createRowProofs, type RowProofs } from './process/row-proofs.js'
export type { KeptCertificate } from './store/certificates.js'
export { type Journal, openJournal } from './store/journal.js'
export type { ChainStoreOptions } from './store/options.js'
export type { FinalRange, RangeLimits } from './store/range.js'
export type { Recovery } from './store/recover.js'
export type { StoredBlock } from './store/replay.js'
export { type NodeSigner, type NodeSignerOptions, openNodeSigner } from './store/signer.js'
export { type ChainStore, openChainStore } from './store/store.js'
