import type { Socket } from 'node:net'
import type { WebSocket } from 'ws'
import type { Mqtt } from '../mqtt/mqtt.js'
import { createOutbox, type Sink } from './outbox.js'

/** After a connection's last packet its other end has this long to close, ms. */
const lingerMs = 5_000
/** Pieces of less than this together are copied into one, which is cheaper than to write each, bytes. */
const largestJoined = 16_384

/** Lets the client at the other end of a socket speak MQTT. */
export function serveMqtt(mqtt: Mqtt, socket: Socket): void {
  // A packet must not wait for others to come after it.
  socket.setNoDelay(true)
  const connection = mqtt.connect(createOutbox(socketSink(socket)))
  socket.on('data', (bytes) => connection.receive(bytes))
  socket.on('close', () => connection.closed())
  // `close` follows, and tells all there is to know.
  socket.on('error', () => {})
}

function socketSink(socket: Socket): Sink {
  return {
    write: (pieces, bytes) => {
      if (pieces.length === 1) socket.write(pieces[0]!)
      else if (bytes <= largestJoined) socket.write(Buffer.concat(pieces, bytes))
      else {
        socket.cork()
        for (const piece of pieces) socket.write(piece)
        socket.uncork()
      }
    },
    end: () => {
      socket.end()
      setTimeout(() => socket.destroy(), lingerMs).unref()
    },
    backlog: () => socket.writableLength,
  }
}

/** Lets the client of a WebSocket speak MQTT, in messages of any cut [MQTT-6.0.0]. */
export function serveMqttSocket(mqtt: Mqtt, socket: WebSocket): void {
  const connection = mqtt.connect(
    createOutbox({
      write: (pieces, bytes) => socket.send(Buffer.concat(pieces, bytes)),
      end: () => {
        socket.close()
        setTimeout(() => socket.terminate(), lingerMs).unref()
      },
      backlog: () => socket.bufferedAmount,
    }),
  )
  socket.on('message', (data, isBinary) => {
    if (isBinary) connection.receive(data as Buffer)
    else socket.close(1003)
  })
  socket.on('close', () => connection.closed())
  socket.on('error', () => {})
}
