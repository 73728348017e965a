import type { Mqtt, MqttConnection } from '@banyan/gateway'
import { generate, type IConnectPacket, type Packet, parser } from 'mqtt-packet'
import { lineOf } from './lines.js'

export type ConnectOptions = Partial<Omit<IConnectPacket, 'cmd' | 'clientId'>> & { readonly version?: 4 | 5 }

type PublishOptions = {
  readonly qos?: 0 | 1 | 2
  readonly id?: number
  readonly retain?: boolean
  readonly dup?: boolean
  readonly properties?: Extract<Packet, { cmd: 'publish' }>['properties']
}

type Filter = {
  readonly topic: string
  readonly qos?: 0 | 1 | 2
  readonly nl?: boolean
  readonly rap?: boolean
  readonly rh?: number
}

/** One connection to a gateway as its client sees it: bytes by an independent library. */
export class Client {
  /** Bytes that it is as if it had not taken yet. */
  backlog = 0
  hasEnded = false
  readonly version: 4 | 5
  /** Bytes of each packet that was not taken yet. */
  frames: Buffer[] = []
  private readonly connection: MqttConnection
  private nextId = 1

  constructor(mqtt: Mqtt, version: 4 | 5) {
    this.version = version
    this.connection = mqtt.connect({
      send: (bytes) => {
        if (this.hasEnded) throw new Error('something was sent after the end')
        this.frames.push(Buffer.from(bytes))
      },
      end: () => {
        if (this.hasEnded) throw new Error('a connection ended twice')
        this.hasEnded = true
      },
      backlog: () => this.backlog,
    })
  }

  /** What came since the last time, one line for each packet, and `END` if the gateway has closed. */
  take(): string[] {
    const lines = this.packets().map(lineOf)
    this.frames = []
    return this.hasEnded ? [...lines, 'END'] : lines
  }

  /** Packets that were not taken yet. */
  packets(): Packet[] {
    const found: Packet[] = []
    const reader = parser({ protocolVersion: this.version })
    reader.on('packet', (packet) => found.push(packet))
    reader.on('error', (error) => {
      throw error
    })
    for (const frame of this.frames) reader.parse(frame)
    return found
  }

  /** Expects that it was let in, and forgets the answer to its CONNECT. */
  letIn(): this {
    const [first] = this.packets()
    this.frames.shift()
    const line = first === undefined ? 'nothing' : lineOf(first)
    if (!line.startsWith('CONNACK 0x00')) throw new Error(`a client was not let in, but told ${line}`)
    return this
  }

  send(packet: Packet): this {
    return this.raw(generate(packet, { protocolVersion: this.version }))
  }

  raw(bytes: Buffer | string): this {
    this.connection.receive(typeof bytes === 'string' ? Buffer.from(bytes.replaceAll(' ', ''), 'hex') : bytes)
    return this
  }

  /** The network connection is gone. */
  lose(): void {
    this.connection.closed()
  }

  connect(clientId: string, { version: _, clean = true, ...options }: ConnectOptions = {}): this {
    const protocolVersion = this.version
    const packet = {
      cmd: 'connect',
      protocolId: 'MQTT',
      protocolVersion,
      keepalive: 0,
      clientId,
      ...options,
    } as const
    // The library makes no CONNECT without an identifier and clean start, so its flag is taken out afterwards.
    const bytes = generate({ ...packet, clean: true })
    if (!clean) bytes[bytes.indexOf('MQTT') + 5]! &= ~2
    return this.raw(bytes)
  }

  subscribe(
    filters: string | readonly Filter[],
    options: { readonly id?: number; readonly sid?: number; readonly qos?: 0 | 1 | 2 } = {},
  ): this {
    const list = typeof filters === 'string' ? [{ topic: filters }] : filters
    return this.send({
      cmd: 'subscribe',
      messageId: options.id ?? this.nextId++,
      subscriptions: list.map(({ topic, qos = options.qos ?? 0, nl = false, rap = false, rh = 0 }) => ({
        topic,
        qos,
        nl,
        rap,
        rh,
      })),
      ...(options.sid !== undefined && { properties: { subscriptionIdentifier: options.sid } }),
    })
  }

  /** Subscribes, and forgets the answer and retained messages. */
  hear(
    filters: string | readonly Filter[],
    options: { readonly sid?: number; readonly qos?: 0 | 1 | 2 } = {},
  ): this {
    this.subscribe(filters, options).take()
    return this
  }

  unsubscribe(...topics: string[]): this {
    return this.send({ cmd: 'unsubscribe', messageId: this.nextId++, unsubscriptions: topics })
  }

  publish(topic: string, payload: string | Buffer, options: PublishOptions = {}): this {
    const { qos = 0, id, retain = false, dup = false, properties } = options
    return this.send({
      cmd: 'publish',
      topic,
      payload,
      qos,
      retain,
      dup,
      ...(qos > 0 && { messageId: id ?? this.nextId++ }),
      ...(properties !== undefined && { properties }),
    })
  }

  answer(cmd: 'puback' | 'pubrec' | 'pubrel' | 'pubcomp', messageId: number, reasonCode?: number): this {
    return this.send({ cmd, messageId, ...(reasonCode !== undefined && { reasonCode }) })
  }

  disconnect(reasonCode = 0, sessionExpiryInterval?: number): this {
    return this.send({
      cmd: 'disconnect',
      reasonCode,
      ...(sessionExpiryInterval !== undefined && { properties: { sessionExpiryInterval } }),
    })
  }
}
