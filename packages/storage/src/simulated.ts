export {
  createSimulatedDisk,
  type DiskOperation,
  type Outcome,
  type SimulatedDisk,
  type Unsynced,
} from './simulated/disk.js'
export { kept, lost, lostBefore, randomOutcome, tornAfter } from './simulated/outcomes.js'
