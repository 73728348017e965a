export {
  type Dropped,
  type FinalAccounts,
  Mempool,
  type MempoolOptions,
  type Outcome,
} from './mempool/mempool.js'
export type { ChainStoreOptions } from './options.js'
export type { Recovery } from './recover.js'
export { type ChainStore, openChainStore } from './store.js'
