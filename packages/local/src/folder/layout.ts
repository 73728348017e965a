import { join } from 'node:path'

/** Where everything of a local network is, under the folder that its user sees as `.banyan`. */
export type Layout = {
  readonly root: string
  /** The secret that all development keys of this network come from. */
  readonly seed: string
  /** Genesis, and a folder for each validator. */
  readonly network: string
  /** What the network of computing keeps: central, its region, keys, packages. */
  readonly compute: string
  /** Packages that miners have unpacked: made anew whenever they are gone. */
  readonly packages: string
  readonly logs: string
  /** What runs now: process, port, parts. */
  readonly run: string
  readonly snapshots: string
}

export function layoutOf(root: string): Layout {
  return {
    root,
    seed: join(root, 'network', 'seed.json'),
    network: join(root, 'network'),
    compute: join(root, 'network', 'compute'),
    packages: join(root, 'packages'),
    logs: join(root, 'logs'),
    run: join(root, 'run.json'),
    snapshots: join(root, 'snapshots'),
  }
}

/** Name of the folder that `makeNetwork` of the node gives to a validator. */
export const validatorFolder = (index: number): string => `node-${index}`
/** Name that people see. */
export const validatorName = (index: number): string => `validator-${index + 1}`
export const minerName = (index: number): string => `miner-${index + 1}`
