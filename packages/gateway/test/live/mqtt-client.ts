import { connect as connectTcp } from 'node:net'
import type { Duplex } from 'node:stream'
import { generate, type IConnectPacket, type Packet, parser } from 'mqtt-packet'
import { onTestFinished } from 'vitest'
import { createWebSocketStream, WebSocket } from 'ws'
import { createInbox, type Inbox } from './inbox.js'

export type Received = Extract<Packet, { cmd: 'publish' }>

export type MqttTestClient = Pick<Inbox<Packet>, 'next' | 'until'> & {
  readonly send: (packet: Packet) => void
  /** Subscribes with QoS 1 and waits for the answer. */
  readonly subscribe: (topic: string, userProperties?: Record<string, string>) => Promise<Packet>
  /** Publishes with QoS 1 and waits for the answer. */
  readonly publish: (topic: string, payload: string | Buffer, retain?: boolean) => Promise<Packet>
  /** The next message, acknowledged. */
  readonly message: () => Promise<Received>
  readonly stream: Duplex
}

export type MqttTestOptions = {
  readonly version?: 4 | 5
  readonly clientId?: string
  readonly connect?: Partial<IConnectPacket>
}

/**
 * A client of MQTT over any connection; resolves to it and to what its CONNECT was answered. Messages are taken by `message` alone,
 * everything else by the others.
 */
export async function openMqtt(
  stream: Duplex,
  { version = 5, clientId = '', connect = {} }: MqttTestOptions = {},
): Promise<{ readonly client: MqttTestClient; readonly connack: Packet }> {
  onTestFinished(() => {
    stream.destroy()
  })
  const inbox = createInbox<Packet>()
  const reader = parser({ protocolVersion: version })
  const messages = createInbox<Received>()
  reader.on('packet', (packet) => {
    if (packet.cmd === 'publish') messages.push(packet)
    else inbox.push(packet)
  })
  stream.on('data', (bytes: Buffer) => reader.parse(bytes))
  stream.on('error', () => {})
  stream.on('close', () => {
    inbox.end()
    messages.end()
  })
  const send = (packet: Packet): void => {
    stream.write(generate(packet, { protocolVersion: version }))
  }
  send({
    cmd: 'connect',
    protocolId: 'MQTT',
    protocolVersion: version,
    clean: true,
    clientId,
    keepalive: 0,
    ...connect,
  })
  let id = 0
  const answerTo = (messageId: number, cmd: Packet['cmd']): Promise<Packet> =>
    inbox.until((packet) => packet.cmd === cmd && packet.messageId === messageId)
  const client: MqttTestClient = {
    ...inbox,
    stream,
    send,
    subscribe: (topic, userProperties) => {
      const messageId = ++id
      send({
        cmd: 'subscribe',
        messageId,
        subscriptions: [{ topic, qos: 1 }],
        ...(userProperties && { properties: { userProperties } }),
      })
      return answerTo(messageId, 'suback')
    },
    publish: (topic, payload, retain = false) => {
      const messageId = ++id
      send({ cmd: 'publish', messageId, topic, payload, qos: 1, retain, dup: false })
      return answerTo(messageId, 'puback')
    },
    message: async () => {
      const packet = await messages.next()
      if (packet.qos === 1) send({ cmd: 'puback', messageId: packet.messageId! })
      return packet
    },
  }
  return { client, connack: await inbox.next() }
}

export function dialTcp(port: number): Duplex {
  return connectTcp({ port, host: '127.0.0.1', noDelay: true })
}

export function dialWebSocket(http: string): Duplex {
  return createWebSocketStream(new WebSocket(http.replace('http', 'ws'), ['mqtt']))
}
