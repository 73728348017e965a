import { connect, type Socket } from 'node:net'
import { generate, type Packet } from 'mqtt-packet'

/** Clients that speak just enough MQTT to load a broker: packets are made before, and what comes is only counted. */

export type Version = 4 | 5

export async function openClient(port: number, id: string, version: Version): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  const packet: Packet = {
    cmd: 'connect',
    protocolId: 'MQTT',
    protocolVersion: version,
    clientId: id,
    clean: true,
    keepalive: 0,
    ...(version === 5 && { properties: { receiveMaximum: 65_535 } }),
  }
  socket.write(generate(packet))
  await answer(socket)
  return socket
}

export async function subscribe(socket: Socket, topic: string, qos: 0 | 1, version: Version): Promise<void> {
  socket.write(
    generate(
      { cmd: 'subscribe', messageId: 1, subscriptions: [{ topic, qos }] },
      { protocolVersion: version },
    ),
  )
  await answer(socket)
}

export function publishFrame(topic: string, payload: Buffer, qos: 0 | 1, version: Version, id = 1): Buffer {
  return generate(
    {
      cmd: 'publish',
      topic,
      payload,
      qos,
      dup: false,
      retain: false,
      ...(qos > 0 && { messageId: id }),
    },
    { protocolVersion: version },
  )
}

/** Waits for the next bytes. */
function answer(socket: Socket): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    socket.once('error', reject)
    socket.once('data', (bytes: Buffer) => {
      socket.off('error', reject)
      socket.pause()
      resolve(bytes)
    })
    socket.resume()
  })
}
