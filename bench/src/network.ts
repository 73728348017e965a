import type { Channel } from '@banyan/network'
import { type Peer, startPeer, type Way } from './network/ways.js'
import { type Bench, type BenchContext, medianOf, type Row } from './runner/benchmark.js'

/** A kind of traffic: what is sent, and how many at once. */
type Traffic = {
  readonly name: string
  readonly channel: Channel
  readonly bytes: number
  readonly count: number
  readonly atOnce: number
}

const megabyte = 1e6

function traffics(quick: boolean): readonly Traffic[] {
  const scale = quick ? 1 : 4
  return [
    { name: 'votes of 200 B, 20 at once', channel: 'votes', bytes: 200, count: 20_000 * scale, atOnce: 20 },
    { name: 'votes of 200 B, 500 at once', channel: 'votes', bytes: 200, count: 50_000 * scale, atOnce: 500 },
    { name: 'batches of 1 MB', channel: 'data', bytes: megabyte, count: 50 * scale, atOnce: 1 },
  ]
}

type Measured = { readonly perSecond: number; readonly sender: number; readonly receiver: number }

/** Messages per second, and CPU µs per message on both sides. */
async function measure(context: BenchContext, peer: Peer, way: Way, traffic: Traffic): Promise<Measured> {
  const { channel, count, atOnce } = traffic
  const message = new Uint8Array(traffic.bytes)
  const receiver: number[] = []
  const rate = await context.median(count, async () => {
    const { received } = await peer.expect(count)
    await way.send(channel, message, count, atOnce)
    receiver.push((await received) / count)
  })
  return { perSecond: rate.perSecond, sender: rate.cpuMicros, receiver: medianOf(receiver.slice(1)) }
}

async function trafficRows(context: BenchContext, peer: Peer, traffic: Traffic): Promise<readonly Row[]> {
  const ours = await measure(context, peer, peer.libp2p, traffic)
  const raw = await measure(context, peer, peer.tcp, traffic)
  const name = 'raw TCP, no encryption'
  const megabytes = traffic.bytes / megabyte
  const cpuPerMegabyte = ({ sender, receiver }: Measured) => (sender + receiver) / 1e3 / megabytes
  return [
    {
      what: traffic.name,
      unit: 'messages/s',
      ours: ours.perSecond,
      against: { name, value: raw.perSecond },
      cpuMicros: ours.sender,
    },
    {
      what: `${traffic.name}: throughput`,
      unit: 'MB/s',
      ours: ours.perSecond * megabytes,
      against: { name, value: raw.perSecond * megabytes },
    },
    {
      what: `${traffic.name}: CPU of both processes`,
      unit: 'ms/MB',
      ours: cpuPerMegabyte(ours),
      against: { name, value: cpuPerMegabyte(raw) },
      better: 'less',
    },
  ]
}

/** Time of a vote there and back, alone and while batches flow without end. */
async function delayRow(context: BenchContext, peer: Peer): Promise<Row> {
  const rounds = context.quick ? 50 : 300
  async function delays(): Promise<number> {
    const all: number[] = []
    for (let i = 0; i < rounds; i++) {
      all.push(await peer.echo())
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
    return medianOf(all)
  }
  const alone = await delays()
  const batches = rounds
  const { received } = await peer.expect(batches)
  const flowing = peer.libp2p.send('data', new Uint8Array(megabyte), batches, batches)
  const busy = await delays()
  await Promise.all([flowing, received])
  return {
    what: 'a vote there and back while batches of 1 MB flow',
    unit: 'ms',
    ours: busy,
    against: { name: 'with nothing else to send', value: alone },
    better: 'less',
  }
}

async function run(context: BenchContext): Promise<readonly Row[]> {
  const peer = await startPeer()
  const rows: Row[] = []
  try {
    for (const traffic of traffics(context.quick)) rows.push(...(await trafficRows(context, peer, traffic)))
    rows.push(await delayRow(context, peer))
  } finally {
    await peer.close()
  }
  return rows
}

export const bench: Bench = {
  name: 'network',
  title: 'Messages between two processes, beside raw TCP with the same framing',
  run,
}
