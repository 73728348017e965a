/** A durable index of final blocks: what the public APIs read. */
export type { FinalBlock } from './encode-block.js'
export { type HistoryIndex, type HistoryOptions, openHistory } from './open.js'
