import type { Resolve } from '@banyan/addresses'
import type { AllowList } from '../inputs/addresses.js'

export type DarkroomSettings = {
  /** 0 takes a free one. */
  readonly port: number
  /** The address to listen on; a service on a miner is asked by the miner alone. */
  readonly host: string
  /** Processes that work. */
  readonly workers: number
  /** Requests that may wait for one. */
  readonly queue: number
  readonly deadlineMs: number
  readonly jobsPerWorker: number
  /** Of one input or body. */
  readonly maxInputBytes: number
  readonly inputTimeoutMs: number
  /** Of one picture; a script may hold four times as many. */
  readonly maxPixels: number
  /** Pages or frames of one picture. */
  readonly maxPages: number
  /** Of inputs and of results, each. */
  readonly cacheBytes: number
  /** Hosts of a local network that inputs and outputs may be at. */
  readonly allow: AllowList
  readonly resolve: Resolve
}
