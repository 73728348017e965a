import type { Workload } from './workload.js'

/** How much stands between a workload and the machine, as regions are told. */
export type EvidenceLevel =
  /** A container runtime with namespaces, our system call filter and cgroups. */
  | 'container'
  /** Namespaces, our system call filter and cgroups by bubblewrap. */
  | 'sandbox'
  /** As `sandbox`, but memory is watched instead of bounded by the kernel, and CPU is not bounded. */
  | 'sandbox-watched'
  /** Nothing: for development alone. */
  | 'none'

/** Something that was looked at when a driver was chosen. */
export type Probe = { readonly what: string; readonly isUsable: boolean; readonly detail: string }

/** Runs workloads apart from each other and from the machine. */
export type Isolation = {
  readonly driver: 'bubblewrap' | 'podman' | 'process'
  readonly level: EvidenceLevel
  /** Why this driver, and what the others lacked. */
  readonly probes: readonly Probe[]
  /** Starts a workload and waits until it is well. Errors: WorkloadInvalid, WorkloadEnded, WorkloadSilent. */
  readonly start: (workload: Workload) => Promise<Instance>
  /** Ends what still runs and removes files. */
  readonly close: () => Promise<void>
}

/** Where an instance takes HTTP requests: options of `request` in node:http. */
export type Target = { readonly socketPath: string } | { readonly host: string; readonly port: number }

/** What an instance has used since it began. */
export type Usage = {
  readonly cpuMs: number
  /** Most memory at once since the last `resetPeak`. */
  readonly peakBytes: number
}

export type Ending = {
  readonly reason: 'stopped' | 'exited' | 'out of memory'
  /** In words, such as "ended with code 1". */
  readonly outcome: string
}

export type Instance = {
  readonly target: Target
  /** From the request to start it until it answered, in milliseconds. */
  readonly coldStartMs: number
  readonly usage: () => Usage
  readonly resetPeak: () => void
  /** Its last lines. */
  readonly logs: () => readonly string[]
  readonly ended: Promise<Ending>
  /** Ends it at once; resolves when nothing of it is left. */
  readonly stop: () => Promise<void>
}
