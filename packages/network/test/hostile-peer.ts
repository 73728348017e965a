import { connect, type Socket } from 'node:net'
import { toHex } from '@banyan/base'
import { noise } from '@chainsafe/libp2p-noise'
import { yamux } from '@chainsafe/libp2p-yamux'
import type { Connection, Stream, StreamMuxer, StreamMuxerFactory } from '@libp2p/interface'
import { tcp } from '@libp2p/tcp'
import { multiaddr } from '@multiformats/multiaddr'
import { createLibp2p, type Libp2p } from 'libp2p'
import { genesis } from './nodes.js'

const chain = `/banyan/${toHex(genesis).slice(2)}`
export const votesProtocol = `${chain}/votes/1`
export const dataProtocol = `${chain}/data/1`
export const requestProtocol = `${chain}/request/1`

/** A peer that speaks libp2p as it should and everything above as the test wants. */
export type HostilePeer = {
  readonly id: string
  readonly connection: Connection
  /** What it sends into the streams that it opened. */
  readonly votes: Writer
  readonly data: Writer
  /** Streams that the victim has opened; nobody reads them unless the test does. */
  readonly inbound: ReadonlyMap<string, Stream>
  /** Writes bytes past all rules into the connection, where the muxer's frames stand. */
  readonly raw: (bytes: Uint8Array) => void
}

export type Writer = { readonly write: (bytes: Uint8Array) => void }

const nodes = new Set<Libp2p>()
const sockets = new Set<Socket>()

export async function closeHostile(): Promise<void> {
  for (const socket of sockets) socket.destroy()
  sockets.clear()
  await Promise.all([...nodes].map((node) => node.stop()))
  nodes.clear()
}

/** Opens a TCP connection to a node and says nothing; errors are ignored, `closed` resolves when it is over. */
export function rawSocket(address: string): { readonly socket: Socket; readonly closed: Promise<void> } {
  const socket = connect(Number(/\/tcp\/(\d+)\//.exec(address)![1]), '127.0.0.1')
  sockets.add(socket)
  socket.on('error', () => undefined)
  socket.resume()
  return { socket, closed: new Promise((resolve) => socket.on('close', () => resolve())) }
}

/** Passes on what is written, as the source of a stream. */
export function createWriter(): Writer & { readonly source: AsyncGenerator<Uint8Array> } {
  const waiting: Uint8Array[] = []
  let wake: (() => void) | undefined
  async function* source(): AsyncGenerator<Uint8Array> {
    for (;;) {
      const next = waiting.shift()
      if (next !== undefined) yield next
      else {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    }
  }
  return {
    source: source(),
    write: (bytes) => {
      waiting.push(bytes)
      wake?.()
    },
  }
}

export function frame(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(4 + bytes.length)
  new DataView(out.buffer).setUint32(0, bytes.length, true)
  out.set(bytes, 4)
  return out
}

/** `deaf`: it stops reading its socket once it is connected. */
export async function connectHostile(address: string, { deaf = false } = {}): Promise<HostilePeer> {
  let muxer: (StreamMuxer & { readonly source: { readonly push: (bytes: Uint8Array) => void } }) | undefined
  let reading = true
  async function* heard<Chunk>(source: AsyncIterable<Chunk>): AsyncGenerator<Chunk> {
    for await (const chunk of source) {
      if (!reading) await new Promise(() => undefined)
      yield chunk
    }
  }
  const spying = (factory: StreamMuxerFactory): StreamMuxerFactory => ({
    protocol: factory.protocol,
    createStreamMuxer: (init) => {
      const inner = factory.createStreamMuxer(init)
      muxer = inner as typeof muxer
      const sink = inner.sink.bind(inner)
      inner.sink = (source) => sink(heard(source as AsyncIterable<Uint8Array>))
      return inner
    },
  })
  const node = await createLibp2p({
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [(components) => spying(yamux()(components))],
    connectionGater: { denyDialMultiaddr: () => false },
    connectionMonitor: { enabled: false },
  })
  nodes.add(node)
  const inbound = new Map<string, Stream>()
  for (const protocol of [votesProtocol, dataProtocol]) {
    await node.handle(protocol, ({ stream }) => {
      inbound.set(protocol, stream)
    })
  }
  const connection = await node.dial(multiaddr(address))
  const open = async (protocol: string): Promise<Writer> => {
    const stream = await connection.newStream(protocol)
    const writer = createWriter()
    stream.sink(writer.source).catch(() => undefined)
    return writer
  }
  const [votes, data] = [await open(votesProtocol), await open(dataProtocol)]
  while (inbound.size < 2) await new Promise((resolve) => setTimeout(resolve, 5))
  reading = !deaf
  return {
    id: node.peerId.toString(),
    connection,
    votes,
    data,
    inbound,
    raw: (bytes) => muxer!.source.push(bytes),
  }
}
