// The other process of the network benchmark: takes messages, and tells when it has as many as it was told to expect.
import { createServer, type Socket } from 'node:net'
import { createNetwork } from '@banyan/network'
import { benchOptions } from './options.js'

/** From the benchmark: how many messages to wait for. Back: where to connect, that it waits, that they are there. */
export type ToPeer = { readonly expect: number }
export type FromPeer =
  | { readonly ready: { readonly address: string; readonly port: number } }
  | { readonly expecting: number }
  | { readonly received: { readonly cpuMicros: number } }

let left = 0
let cpuStart = process.cpuUsage()

function tell(message: FromPeer): void {
  process.send!(message)
}

function count(messages: number): void {
  left -= messages
  if (left !== 0) return
  const { user, system } = process.cpuUsage(cpuStart)
  tell({ received: { cpuMicros: user + system } })
}

/** Counts frames of raw TCP: a length (u32, little-endian) and that many bytes. */
function countFrames(socket: Socket): void {
  const length = Buffer.alloc(4)
  let filled = 0
  let skip = 0
  socket.on('data', (chunk) => {
    let position = 0
    let frames = 0
    while (position < chunk.length) {
      const step = Math.min(skip > 0 ? skip : 4 - filled, chunk.length - position)
      if (skip > 0) {
        skip -= step
        if (skip === 0) frames++
      } else {
        chunk.copy(length, filled, position, position + step)
        filled = (filled + step) % 4
        if (filled === 0) skip = length.readUInt32LE(0)
      }
      position += step
    }
    if (frames > 0) count(frames)
  })
}

process.on('message', (message: ToPeer) => {
  left = message.expect
  cpuStart = process.cpuUsage()
  tell({ expecting: left })
})
process.on('disconnect', () => process.exit())

const network = await createNetwork(benchOptions(2), {
  onMessage: (peer, channel, message) => {
    // A vote that begins with 1 asks for an echo.
    if (channel === 'votes' && message[0] === 1) network.send(peer, 'votes', message)
    else count(1)
  },
  onRequest: async function* () {},
  onConnected: () => undefined,
  onDisconnected: () => undefined,
})
const server = createServer(countFrames).listen(0, '127.0.0.1', () => {
  const { port } = server.address() as { port: number }
  tell({ ready: { address: network.addresses()[0]!, port } })
})
