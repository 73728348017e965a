import type { Socket } from 'node:net'
import type { Mqtt } from '../mqtt/mqtt.js'
import { createOutbox } from './outbox.js'

/** After a connection's last packet its other end has this long to close, ms. */
const lingerMs = 5_000

/** Lets the client at the other end of a socket speak MQTT. */
export function serveMqtt(mqtt: Mqtt, socket: Socket): void {
  // A packet must not wait for others to come after it.
  socket.setNoDelay(true)
  const outbox = createOutbox(socket)
  const connection = mqtt.connect({
    ...outbox,
    end: () => {
      outbox.end()
      setTimeout(() => socket.destroy(), lingerMs).unref()
    },
  })
  socket.on('data', (bytes) => connection.receive(bytes))
  socket.on('close', () => connection.closed())
  // `close` follows, and tells all there is to know.
  socket.on('error', () => {})
}
