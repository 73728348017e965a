import { type Cluster, idsOfBlock, metricsOf, submit } from '@banyan/testing/cluster'
import { type FinalBlock, type FinalBlocks, followFinalBlocks } from './final-blocks.js'

/** What came of a load, in transactions. */
export type Flow = {
  /** From the first request to the last block that held any of them. */
  readonly perSecond: number
  /** From a transaction's request to the news that it is final, ms. Where there is a rate, from when its turn was. */
  readonly latencies: Float64Array
  /** CPU of all nodes together for one transaction, µs. */
  readonly cpuMicros: number
}

export type FlowOptions = {
  readonly envelopes: readonly Uint8Array[]
  /** Envelopes in one request. */
  readonly perRequest: number
  /** Requests on their way at a time. */
  readonly clients: number
  /** Envelopes a second, whatever becomes of them; without it as many as keep `window` of them from being final. */
  readonly rate?: number
  readonly window: number
}

/** A request: when it was to leave, and the ids that came back. */
type Request = { readonly at: number; readonly ids: readonly string[] }

const patienceMs = 60_000

/** Sends all envelopes to the nodes that run, in turn, and waits until all are final. */
export async function runFlow(cluster: Cluster, options: FlowOptions): Promise<Flow> {
  const nodes = cluster.running()
  const blocks = await followFinalBlocks(nodes[0]!.rpc)
  const cpuBefore = await cpuOf(cluster)
  const start = performance.now()
  try {
    const requests = await sendAll(
      nodes.map(({ rpc }) => rpc),
      blocks,
      options,
    )
    while (blocks.included() < options.envelopes.length) await inTime(blocks.next())
    const cpu = (await cpuOf(cluster)) - cpuBefore
    const full = blocks.seen.filter(({ included }) => included > 0)
    const count = options.envelopes.length
    return {
      perSecond: (count / (full.at(-1)!.at - start)) * 1e3,
      latencies: await latenciesOf(nodes[0]!.rpc, full, requests),
      cpuMicros: (cpu / count) * 1e6,
    }
  } finally {
    blocks.close()
  }
}

async function sendAll(
  rpcs: readonly string[],
  blocks: FinalBlocks,
  { envelopes, perRequest, clients, rate, window }: FlowOptions,
): Promise<readonly Request[]> {
  const requests: Request[] = []
  const start = performance.now()
  let next = 0
  const client = async (index: number): Promise<void> => {
    while (next < envelopes.length) {
      const from = next
      next += perRequest
      const at = rate === undefined ? undefined : start + (from / rate) * 1e3
      if (at !== undefined) await until(at)
      else while (from + perRequest - blocks.included() > window) await inTime(blocks.next())
      const sent = at ?? performance.now()
      const results = await submit(rpcs[index % rpcs.length]!, envelopes.slice(from, from + perRequest))
      const ids = results.map(({ id, error }) => {
        if (id === undefined) throw new Error(`a transaction was refused: ${JSON.stringify(error)}`)
        return id
      })
      requests.push({ at: sent, ids })
    }
  }
  await Promise.all(Array.from({ length: clients }, (_, index) => client(index)))
  return requests
}

async function until(at: number): Promise<void> {
  const wait = at - performance.now()
  if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait))
}

async function inTime(event: Promise<void>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no block became final in time')), patienceMs)
  })
  try {
    await Promise.race([event, late])
  } finally {
    clearTimeout(timer)
  }
}

async function latenciesOf(
  rpc: string,
  blocks: readonly FinalBlock[],
  requests: readonly Request[],
): Promise<Float64Array> {
  const sentAt = new Map<string, number>()
  for (const { at, ids } of requests) for (const id of ids) sentAt.set(id, at)
  const latencies: number[] = []
  for (const { height, at } of blocks) {
    for (const id of await idsOfBlock(rpc, height)) {
      const sent = sentAt.get(id)
      if (sent !== undefined) latencies.push(at - sent)
    }
  }
  return Float64Array.from(latencies).sort()
}

/** CPU seconds that all processes have used. */
async function cpuOf(cluster: Cluster): Promise<number> {
  const metrics = await Promise.all(cluster.running().map(({ admin }) => metricsOf(admin)))
  return metrics.reduce((sum, values) => sum + (values.get('process_cpu_seconds_total') ?? 0), 0)
}

/** The value below which a part of the sorted values lies. */
export function quantile(sorted: Float64Array, part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))]!
}
