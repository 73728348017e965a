import type { Socket } from 'node:net'

/** A CONNECT of MQTT begins with this byte, and no request of HTTP does. */
const mqttConnect = 0x10
/** From the connection to its first byte, ms. */
const patienceMs = 10_000

/** Finds out from its first byte what a client speaks, and leaves that byte to whoever serves it. */
export function sniff(socket: Socket, serve: (protocol: 'mqtt' | 'http') => void): void {
  socket.setTimeout(patienceMs, () => socket.destroy())
  const failed = (): void => {
    socket.destroy()
  }
  socket.once('error', failed)
  socket.once('readable', () => {
    const first: Buffer | null = socket.read(1)
    if (first === null) return
    socket.unshift(first)
    socket.setTimeout(0)
    socket.removeAllListeners('timeout')
    socket.off('error', failed)
    serve(first[0] === mqttConnect ? 'mqtt' : 'http')
  })
}
