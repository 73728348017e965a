export type { ChainStoreOptions } from './options.js'
export type { Recovery } from './recover.js'
export { type ChainStore, openChainStore } from './store.js'
