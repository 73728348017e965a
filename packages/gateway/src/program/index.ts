export { optionTable, type RunOptions, readOptions } from './options.js'
export { startGateway } from './start.js'
