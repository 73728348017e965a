import { type Broker, startMosquitto, startOurs } from './gateway/brokers.js'
import { type FlowOptions, openIdle, runFlow, runLatency } from './gateway/flows.js'
import { type Bench, type BenchContext, medianOf, type Row } from './runner/benchmark.js'

/** The gateway beside mosquitto, both with one process on this machine, whose other core drives the clients. */

type Case = { readonly what: string; readonly flow: Omit<FlowOptions, 'port'>; readonly times?: number }

const cases = (quick: boolean): readonly Case[] => {
  const scale = quick ? 1 : 5
  return [
    {
      what: 'fan-in, 8 publishers to 1 subscriber, QoS 0',
      flow: { publishers: 8, subscribers: 1, qos: 0, messages: 200_000 * scale, window: 4_000 },
      times: 3,
    },
    {
      what: 'fan-out, 1 publisher to 50 subscribers, QoS 0',
      flow: { publishers: 1, subscribers: 50, qos: 0, messages: 20_000 * scale, window: 2_000 },
      times: 8,
    },
    {
      what: 'fan-in, 8 publishers to 1 subscriber, sent with QoS 1',
      flow: { publishers: 8, subscribers: 1, qos: 1, messages: 100_000 * scale, window: 4_000 },
    },
  ]
}

type Measured = { readonly perSecond: number; readonly cpuMicros: number }

/** Medians of at least three runs, after one that warms up. */
async function measureFlow(broker: Broker, flow: Omit<FlowOptions, 'port'>, runs: number): Promise<Measured> {
  const deliveries = flow.messages * flow.subscribers
  await runFlow({ ...flow, messages: flow.messages / 4, port: broker.port })
  const results: Measured[] = []
  for (let i = 0; i < runs; i++) {
    const before = broker.cpuMicros()
    const perSecond = await runFlow({ ...flow, port: broker.port })
    results.push({ perSecond, cpuMicros: (broker.cpuMicros() - before) / deliveries })
  }
  return {
    perSecond: medianOf(results.map((result) => result.perSecond)),
    cpuMicros: medianOf(results.map((result) => result.cpuMicros)),
  }
}

async function flowRows(
  ours: Broker,
  peer: Broker | undefined,
  { quick }: BenchContext,
): Promise<readonly Row[]> {
  const rows: Row[] = []
  for (const { what, flow, times } of cases(quick)) {
    const own = await measureFlow(ours, flow, quick ? 3 : 5)
    const other = peer && (await measureFlow(peer, flow, quick ? 3 : 5))
    rows.push({
      what,
      unit: flow.subscribers > 1 ? 'deliveries/s' : 'messages/s',
      ours: own.perSecond,
      ...(other && { against: { name: peer.name, value: other.perSecond } }),
      ...(other && times !== undefined && { goal: times * other.perSecond }),
      cpuMicros: own.cpuMicros,
    })
  }
  return rows
}

async function latencyRows(ours: Broker, peer: Broker | undefined, quick: boolean): Promise<readonly Row[]> {
  const seconds = quick ? 2 : 10
  const own = await runLatency(ours.port, 1_000, seconds)
  const other = peer && (await runLatency(peer.port, 1_000, seconds))
  const row = (part: number, goal?: number): Row => {
    const of = (times: Float64Array): number => times[Math.floor(times.length * part)]!
    return {
      what: `sending to arrival at 1,000 messages a second, p${part * 100}`,
      unit: 'ms',
      ours: of(own),
      ...(other && { against: { name: peer.name, value: of(other) } }),
      ...(goal !== undefined && { goal }),
      better: 'less',
    }
  }
  return [row(0.5), row(0.99, 5)]
}

async function idleRow(ours: Broker, peer: Broker | undefined, quick: boolean): Promise<Row> {
  const count = quick ? 1_000 : 10_000
  const each = async (broker: Broker): Promise<number> => {
    const before = broker.memory()
    const close = await openIdle(broker.port, count)
    const bytes = (broker.memory() - before) / count
    close()
    return bytes
  }
  const own = await each(ours)
  const other = peer && (await each(peer))
  return {
    what: `memory per idle connection with a subscription, ${count.toLocaleString('en')} of them`,
    unit: 'bytes',
    ours: own,
    ...(other && { against: { name: peer.name, value: other } }),
    better: 'less',
  }
}

async function run(context: BenchContext): Promise<readonly Row[]> {
  const ours = await startOurs()
  const peer = await startMosquitto()
  if (peer === undefined)
    console.error('mosquitto is not installed here, so there is nothing to compare with')
  try {
    return [
      ...(await flowRows(ours, peer, context)),
      ...(await latencyRows(ours, peer, context.quick)),
      await idleRow(ours, peer, context.quick),
    ]
  } finally {
    await ours.end()
    await peer?.end()
  }
}

export const bench: Bench = {
  name: 'gateway',
  title: 'Gateway: messages of MQTT from many and to many, latency and memory, beside mosquitto',
  run,
}
