/** Networks of real processes of `banyan-node` on this machine. */
export {
  type Exit,
  type NodeProcess,
  type ReadyLine,
  runNodeCommand,
  startNodeProcess,
} from './node-process.js'
