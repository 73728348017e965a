export { join, patienceMs } from './join.js'
export { type MinerConfiguration, minerWords, readMinerOptions } from './options.js'
