/** `banyan-node` as a process of its own, for those that run some. Loads nothing of the node itself. */
export { type Exit, type NodeProcess, startNodeProcess } from './node-process.js'
export { freePorts } from './ports.js'
export type { ReadyLine } from './ready-line.js'
