/** A durable index of final blocks: what the public APIs read. */
export type { TransactionPlace } from './activity.js'
export type { FinalBlock } from './encode-block.js'
export { type HistoryIndex, type HistoryOptions, openHistory } from './open.js'
