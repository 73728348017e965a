import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { tiers, type WorkRecord } from './core/index.js'
import type { Region } from './region.js'

/** What Prometheus reads of a region. */
export type Metrics = {
  readonly completed: (record: WorkRecord) => void
  readonly disconnected: (reason: string) => void
  readonly follow: (region: Region) => void
  readonly text: () => Promise<string>
  readonly contentType: string
  readonly close: () => void
}

const latencies = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60]

/** A registry of its own: several regions can live in one process. */
export function createMetrics(): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  const done = new Counter({
    name: 'banyan_region_work_total',
    help: 'Requests that were accepted and are over, by service and outcome',
    labelNames: ['service', 'outcome'],
    registers,
  })
  const bytes = new Counter({
    name: 'banyan_region_bytes_total',
    help: 'Bytes of requests (in) and answers (out)',
    labelNames: ['direction'],
    registers,
  })
  const retries = new Counter({
    name: 'banyan_region_retries_total',
    help: 'Requests given to a further miner, copies of races included',
    registers,
  })
  const seconds = new Histogram({
    name: 'banyan_region_work_seconds',
    help: 'From acceptance to the first byte of the answer',
    labelNames: ['service'],
    buckets: latencies,
    registers,
  })
  const disconnects = new Counter({
    name: 'banyan_region_miners_disconnected_total',
    help: 'Miners that the region disconnected',
    registers,
  })
  const gauge = (
    name: string,
    help: string,
    read: (region: Region, tier: (typeof tiers)[number]) => number,
  ) => {
    new Gauge({
      name: `banyan_region_${name}`,
      help,
      labelNames: ['tier'],
      registers,
      collect() {
        if (followed === undefined) return
        for (const tier of tiers) this.set({ tier: String(tier) }, read(followed, tier))
      },
    })
  }
  let followed: Region | undefined
  gauge('waiting', 'Requests that wait', (region, tier) => region.broker.tiers.get(tier)!.queue.depth)
  gauge('active', 'Requests at miners', (region, tier) => region.broker.tiers.get(tier)!.active)
  gauge(
    'capacity',
    'Requests that miners take at a time',
    (region, tier) => region.broker.tiers.get(tier)!.capacity,
  )
  return {
    completed: (record) => {
      const { service, outcome, attempts, bytesIn, bytesOut, acceptedAt, firstByteAt } = record
      done.inc({ service, outcome })
      bytes.inc({ direction: 'in' }, bytesIn)
      bytes.inc({ direction: 'out' }, bytesOut)
      if (attempts > 1) retries.inc(attempts - 1)
      if (outcome === 'done') seconds.observe({ service }, (firstByteAt - acceptedAt) / 1_000)
    },
    disconnected: () => disconnects.inc(),
    follow: (region) => {
      followed = region
    },
    text: () => registry.metrics(),
    contentType: registry.contentType,
    close: () => registry.clear(),
  }
}
