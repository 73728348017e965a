export {
  createSimulatedDisk,
  type DiskOperation,
  type Outcome,
  randomOutcome,
  type SimulatedDisk,
  type Unsynced,
} from './simulated/disk.js'
