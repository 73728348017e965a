import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { fileURLToPath } from 'node:url'
import { type Channel, createNetwork, type Network } from '@banyan/network'
import { benchOptions } from './options.js'
import type { FromPeer, ToPeer } from './peer.js'

/** One way to send messages to the other process. */
export type Way = {
  /** Sends the message `count` times, `atOnce` of them before it lets other work go on. */
  readonly send: (channel: Channel, message: Uint8Array, count: number, atOnce: number) => Promise<void>
}

/** The other process, connected in both ways. */
export type Peer = {
  readonly libp2p: Way
  readonly tcp: Way
  /** Resolves when the other process waits for `count` messages; `received` gives its CPU time for them in µs. */
  readonly expect: (count: number) => Promise<{ readonly received: Promise<number> }>
  /** Milliseconds until the echo of a vote is there. */
  readonly echo: () => Promise<number>
  readonly close: () => Promise<void>
}

const pause = () => new Promise((resolve) => setImmediate(resolve))

function libp2pWay(network: Network, peer: string): Way {
  return {
    send: async (channel, message, count, atOnce) => {
      for (let sent = 0; sent < count; sent += atOnce) {
        for (let i = sent; i < Math.min(count, sent + atOnce); i++) network.send(peer, channel, message)
        await pause()
      }
    },
  }
}

async function tcpWay(port: number): Promise<Way & { readonly close: () => void }> {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  socket.setNoDelay(true)
  return {
    close: () => socket.destroy(),
    send: async (_, message, count, atOnce) => {
      const length = Buffer.alloc(4)
      length.writeUInt32LE(message.length)
      const one = Buffer.concat([length, message])
      for (let sent = 0; sent < count; sent += atOnce) {
        const batch = Math.min(count - sent, atOnce)
        const bytes = batch === 1 ? one : Buffer.concat(Array.from({ length: batch }, () => one))
        if (socket.write(bytes)) await pause()
        else await once(socket, 'drain')
      }
    },
  }
}

async function nextMessage(child: ChildProcess): Promise<FromPeer> {
  const [message] = (await once(child, 'message')) as [FromPeer]
  return message
}

/** Starts the other process and connects to it. */
export async function startPeer(): Promise<Peer> {
  const child = fork(fileURLToPath(new URL('./peer.js', import.meta.url)))
  const started = await nextMessage(child)
  if (!('ready' in started)) throw new Error('the other process did not start')
  let echoed: (() => void) | undefined
  let connected: (() => void) | undefined
  const isConnected = new Promise<void>((resolve) => {
    connected = resolve
  })
  const network = await createNetwork(benchOptions(1), {
    onMessage: () => echoed?.(),
    onRequest: async function* () {},
    onConnected: () => connected?.(),
    onDisconnected: () => undefined,
  })
  network.keepConnected(started.ready.address)
  await isConnected
  const [id] = network.peers()
  const tcp = await tcpWay(started.ready.port)
  return {
    libp2p: libp2pWay(network, id!),
    tcp,
    expect: async (count) => {
      const order: ToPeer = { expect: count }
      child.send(order)
      await nextMessage(child)
      const received = nextMessage(child).then((message) =>
        'received' in message ? message.received.cpuMicros : 0,
      )
      return { received }
    },
    echo: async () => {
      const start = performance.now()
      const back = new Promise<void>((resolve) => {
        echoed = resolve
      })
      network.send(id!, 'votes', new Uint8Array(200).fill(1))
      await back
      return performance.now() - start
    },
    close: async () => {
      tcp.close()
      await network.close()
      const exited = once(child, 'exit')
      child.disconnect()
      await exited
    },
  }
}
