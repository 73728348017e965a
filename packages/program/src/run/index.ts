/** The life of a program that serves until it is asked to stop, and its log. */
export { createLog, type Log } from './log.js'
export { type Life, type Running, runProgram, type Start } from './run-program.js'
