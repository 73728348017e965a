/** The way of bytes through a region, for who drives it without sockets. */

export { createWriteBehind, type WriteBehind } from '../write-behind.js'
export { createExchange, type Exchange, type ExchangeParts } from './exchange.js'
export { createReplay, type Replay, type ReplayBudget, type ReplayParts } from './replay.js'
export type { Sink } from './sink.js'
export { openSpool, type Spool, type SpoolFile, type SpoolLimits } from './spool.js'
