/** `banyan-node` and other programs as processes of their own, for those that run some. Loads nothing of the programs themselves. */
export { type NodeProcess, startNodeProcess } from './node-process.js'
export { freePorts } from './ports.js'
export { type Exit, type ProgramOptions, type ProgramProcess, startProgram } from './program-process.js'
export type { ReadyLine } from './ready-line.js'
