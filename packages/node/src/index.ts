export {
  type Dropped,
  type FinalAccounts,
  Mempool,
  type MempoolOptions,
  type Outcome,
} from './mempool/mempool.js'
export type { ChainStoreOptions } from './store/options.js'
export type { FinalRange, RangeLimits } from './store/range.js'
export type { Recovery } from './store/recover.js'
export type { StoredBlock } from './store/replay.js'
export { type ChainStore, openChainStore } from './store/store.js'
export type { VoteRecord } from './store/votes.js'
