import { request } from 'node:http'
import { clientKey } from './compute/keys.js'
import { type Load, runLoad } from './compute/load.js'
import {
  type ProxyProcess,
  type RegionProcess,
  startMiner,
  startProxy,
  startRegion,
} from './compute/processes.js'
import { download, memoryGrowth, upload } from './compute/streams.js'
import type { Bench, BenchContext, Row } from './runner/benchmark.js'

const ask = (path: string): string =>
  `GET ${path} HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer ${clientKey}\r\n\r\n`
const small = ask('/bench/small')

type Measured = { readonly one: Load; readonly many: Load; readonly cpuMicros: number }

/** One connection for latency, 64 for rate and CPU. */
async function measure(
  context: BenchContext,
  port: number,
  cpu: () => Promise<number> | number,
): Promise<Measured> {
  const count = context.quick ? 6_000 : 60_000
  await runLoad(port, small, 64, count / 4)
  const one = await runLoad(port, small, 1, count / 10)
  const before = await cpu()
  const many = await runLoad(port, small, 64, count)
  return { one, many, cpuMicros: ((await cpu()) - before) / count }
}

async function measureProxy(
  context: BenchContext,
  name: 'haproxy' | 'nginx',
  service: number,
): Promise<Measured | undefined> {
  const proxy: ProxyProcess | undefined = await startProxy(name, service)
  if (proxy === undefined) {
    console.error(`${name} is not installed here, so its rows are left out`)
    return undefined
  }
  try {
    return await measure(context, proxy.port, proxy.cpuMicros)
  } finally {
    proxy.end()
  }
}

function proxyRows(ours: Measured, name: string, peer: Measured | undefined): readonly Row[] {
  const row = (
    what: string,
    unit: string,
    of: (measured: Measured) => number,
    better: 'more' | 'less',
    limits: { readonly goal?: number } = {},
  ): Row => ({
    what,
    unit,
    ours: of(ours),
    better,
    ...limits,
    ...(peer === undefined ? {} : { against: { name, value: of(peer) } }),
  })
  return [
    row('small requests, 64 connections, metered', 'requests/s', ({ many }) => many.perSecond, 'more', {
      goal: 15_000,
    }),
    row('CPU of the region for each', 'µs', ({ cpuMicros }) => cpuMicros, 'less', { goal: 30 }),
    row('p50 at 1 connection', 'ms', ({ one }) => one.p50, 'less'),
    row('p99 at 1 connection', 'ms', ({ one }) => one.p99, 'less'),
    row('p50 at 64 connections', 'ms', ({ many }) => many.p50, 'less'),
    row('p99 at 64 connections', 'ms', ({ many }) => many.p99, 'less'),
  ]
}

async function streamRows(context: BenchContext, region: RegionProcess): Promise<readonly Row[]> {
  const size = context.quick ? 2 ** 27 : 2 ** 31
  const name = `${size / 2 ** 20} MiB`
  const rates = { up: 0, down: 0 }
  const upGrowth = await memoryGrowth(region, async () => {
    rates.up = await upload(region, size)
  })
  const downGrowth = await memoryGrowth(region, async () => {
    rates.down = await download(region, size)
  })
  return [
    { what: `${name} to a service`, unit: 'MB/s', ours: rates.up, goal: 200 },
    { what: `${name} to a service: memory`, unit: 'MiB', ours: upGrowth, goal: 64, better: 'less' },
    { what: `${name} from a service`, unit: 'MB/s', ours: rates.down, goal: 200 },
    { what: `${name} from a service: memory`, unit: 'MiB', ours: downGrowth, goal: 64, better: 'less' },
  ]
}

/** From the death of a miner until a client whose request it had is answered by another. */
async function failoverRow(region: RegionProcess): Promise<Row> {
  const doomed = await startMiner(region, 'm2')
  const answers = Array.from({ length: 8 }, (_, i) => answered(region, `/bench/small?${i}`))
  await Promise.all(answers)
  const hanging = Array.from({ length: 4 }, () => answered(region, '/bench/hang', 2_000))
  await new Promise((resolve) => setTimeout(resolve, 200))
  const work = Array.from({ length: 64 }, () => answered(region, '/bench/small'))
  const start = performance.now()
  doomed.kill()
  await Promise.all(work)
  const ms = performance.now() - start
  await Promise.allSettled(hanging)
  return {
    what: 'all of 64 requests answered after the death of a miner',
    unit: 'ms',
    ours: ms,
    goal: 270,
    better: 'less',
  }
}

function answered({ ports }: RegionProcess, path: string, totalMs = 60_000): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${clientKey}`, 'banyan-total-ms': String(totalMs) }
    request({ host: '127.0.0.1', port: ports.work, path, headers }, (answer) => {
      answer.resume().on('end', () => (answer.statusCode === 200 ? resolve() : reject(new Error(path))))
    })
      .on('error', reject)
      .end()
  })
}

async function run(context: BenchContext): Promise<readonly Row[]> {
  const region = await startRegion()
  const miner = await startMiner(region, 'm1')
  try {
    const ours = await measure(context, region.ports.work, async () => (await region.use()).cpuMicros)
    const rows = [...(await streamRows(context, region)), await failoverRow(region)]
    const haproxy = await measureProxy(context, 'haproxy', miner.port)
    const nginx = await measureProxy(context, 'nginx', miner.port)
    return [...proxyRows(ours, 'haproxy', haproxy), ...proxyRows(ours, 'nginx', nginx), ...rows]
  } finally {
    miner.end()
    region.end()
  }
}

export const bench: Bench = {
  name: 'compute',
  title:
    'A region between clients and a miner: small requests beside proxies, large bodies, a miner that dies',
  run,
}
