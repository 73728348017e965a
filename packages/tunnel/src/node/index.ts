export {
  connectMiner,
  type MinerConnection,
  type MinerOptions,
  type MinerState,
} from './connect-miner.js'
export { socketOptions } from './frame-socket.js'
export { type Exchange, type MinerTunnel, type ServeOptions, serveMiner } from './serve-miner.js'
export type { WorkAnswer, WorkHandler, WorkRequest } from './work.js'
