export { join, patienceMs } from './join.js'
export { type MinerConfiguration, readMinerOptions } from './options.js'
