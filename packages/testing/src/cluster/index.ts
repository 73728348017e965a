/** Networks of real processes of `banyan-node` on this machine, clients that load them, and a check of what came of it. */
export { checkCluster, type Verdict } from './check.js'
export {
  type Cluster,
  type ClusterOptions,
  type Disturbance,
  type RunningNode,
  startCluster,
} from './cluster.js'
export { createLoad, type Load, type LoadOptions, type Sent } from './load.js'
export { type MemorySample, memoryGrowth } from './memory.js'
export { callAll, idsOfBlock, metricsOf, type Status, statusOf, submit, viewOfBlock } from './node-api.js'
export {
  type Exit,
  type NodeProcess,
  type ReadyLine,
  runNodeCommand,
  startNodeProcess,
} from './node-process.js'
export { fundedAccounts } from './people.js'
export { grow, type Place, placeOf, viewsUntilProgress } from './progress.js'
export { type SmallDisk, smallDiskReason, useSmallDisk } from './small-disk.js'
