import type { Usage } from '@banyan/billing'
import type { WorkRecord } from '../core/index.js'

/** What requests of each service use, as a smoothed mean: the base of quotes and of what is held back. */
export type Estimates = {
  readonly of: (service: string) => Usage
  readonly note: (service: string, usage: Usage) => void
}

/** Of a service that nobody has used yet: a second, and a picture. */
const unknown = { cpuMs: 1_000, gpuMs: 0, bytes: 4_000_000 }
const weight = 0.1
const maxServices = 10_000

export function createEstimates(): Estimates {
  const means = new Map<string, { cpuMs: number; gpuMs: number; bytes: number }>()
  return {
    of: (service) => {
      const { cpuMs, gpuMs, bytes } = means.get(service) ?? unknown
      return {
        cpuMs: BigInt(Math.ceil(cpuMs)),
        gpuMs: BigInt(Math.ceil(gpuMs)),
        bytes: BigInt(Math.ceil(bytes)),
      }
    },
    note: (service, usage) => {
      const { cpuMs, gpuMs, bytes } = usage
      const mean = means.get(service)
      if (mean === undefined) {
        if (means.size >= maxServices) means.delete(means.keys().next().value!)
        means.set(service, { cpuMs: Number(cpuMs), gpuMs: Number(gpuMs), bytes: Number(bytes) })
        return
      }
      mean.cpuMs += weight * (Number(cpuMs) - mean.cpuMs)
      mean.gpuMs += weight * (Number(gpuMs) - mean.gpuMs)
      mean.bytes += weight * (Number(bytes) - mean.bytes)
    },
  }
}

/** Processors that one request can keep busy: what a miner says beyond that is not believed. */
const maxParallel = 8

/** What a request used, as it is charged: begun milliseconds count whole, bounded by the time that the miner had. */
export function usageOf(
  record: Pick<WorkRecord, 'usage' | 'startedAt' | 'endedAt' | 'bytesIn' | 'bytesOut'>,
): Usage {
  const { usage, startedAt, endedAt, bytesIn, bytesOut } = record
  const most = Math.max(1, endedAt - startedAt) * maxParallel
  const time = (milliseconds: number): bigint => BigInt(Math.ceil(Math.min(milliseconds, most)))
  return { cpuMs: time(usage.cpuMs), gpuMs: time(usage.gpuMs ?? 0), bytes: BigInt(bytesIn + bytesOut) }
}

/** So many times the mean is held back for a request, since requests differ. */
const margin = 4n

export function mostOf(estimate: Usage, announcedBytes: number): Usage {
  const bytes = estimate.bytes * margin
  const announced = BigInt(announcedBytes) + estimate.bytes
  return {
    cpuMs: estimate.cpuMs * margin,
    gpuMs: estimate.gpuMs * margin,
    bytes: announced > bytes ? announced : bytes,
  }
}
