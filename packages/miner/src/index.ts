export { type Conditions, type Observation, restReason } from './conditions/conditions.js'
export { createObserver } from './conditions/observe.js'
export { checkFitness, type Fitness, testFitness } from './fitness/fitness.js'
export { forward, type Traffic } from './forward.js'
export {
  createKeeper,
  type Keeper,
  type KeeperEffect,
  type KeeperEvent,
  type KeeperLimits,
  stepKeeper,
} from './keep/core.js'
export { connectedMessage, type KeepOptions, type Kept, keepProgram } from './keep/keep.js'
export { isNewer } from './keep/versions.js'
export type { MinerReport } from './report.js'
export { type Miner, type MinerSetting, runMiner } from './run-miner.js'
