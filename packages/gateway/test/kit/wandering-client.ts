import type { Mqtt, MqttConnection } from '@banyan/gateway'
import type { Random } from '@banyan/testing'
import { generate, type IPublishPacket, type Packet, parser } from 'mqtt-packet'

export type Sent = { readonly topic: string; readonly payload: string; readonly qos: 0 | 1 | 2 }

/** A message that the gateway has not finished with. */
type Unfinished = Sent & { isReceived: boolean; wasSent: boolean }

export type WanderingOptions = {
  readonly name: string
  readonly version: 4 | 5
  readonly keepAlive: number
  /** Of this client, and aliases that it takes; 3.1.1 has neither. */
  readonly receiveMaximum: number
  readonly aliases: number
}

/** Numbers of its messages: few, so that they are used again and again. */
const mostNumbers = 12

/**
 * A client whose connections break at any byte, and which keeps its session and the rules. What comes and goes waits in
 * buffers until the test lets some bytes pass.
 */
export class WanderingClient {
  readonly options: WanderingOptions
  /** Payloads as they were handed to its user. */
  readonly heard: string[] = []
  private readonly mqtt: Mqtt
  private readonly random: Random
  private connection: MqttConnection | undefined
  private up: Buffer[] = []
  private down: Buffer[] = []
  private reader: ReturnType<typeof parser> = parser()
  private isIn = false
  private gatewayMaximum = 65_535
  private readonly waiting: Sent[] = []
  private readonly unfinished = new Map<number, Unfinished>()
  private readonly unreleased = new Set<number>()
  private answers: Packet[] = []
  private readonly inAliases = new Map<number, string>()
  private readonly outAliases = new Map<string, number>()
  /** Numbers of messages that this connection has brought and that are not answered finally. */
  private readonly brought = new Set<number>()

  constructor(mqtt: Mqtt, random: Random, options: WanderingOptions) {
    this.mqtt = mqtt
    this.random = random
    this.options = options
  }

  get isConnected(): boolean {
    return this.connection !== undefined
  }

  /** Nothing is left to say or to hear. */
  get isQuiet(): boolean {
    return (
      this.isIn &&
      this.up.length + this.down.length + this.answers.length + this.waiting.length + this.unfinished.size ===
        0
    )
  }

  connect(clean = false): void {
    const { name, version, keepAlive, receiveMaximum, aliases } = this.options
    this.forgetConnection()
    this.reader = parser({ protocolVersion: version })
    this.reader.on('packet', (packet) => this.take(packet))
    this.reader.on('error', (error) => {
      throw error
    })
    const connection = this.mqtt.connect({
      send: (bytes) => {
        if (this.connection === connection || this.connection === undefined)
          this.down.push(Buffer.from(bytes))
      },
      end: () => {
        if (this.connection === connection) this.forgetConnection()
      },
      backlog: () => 0,
    })
    this.connection = connection
    const properties = {
      sessionExpiryInterval: clean ? 0 : 0xffffffff,
      receiveMaximum,
      topicAliasMaximum: aliases,
    }
    const packet = {
      cmd: 'connect',
      protocolId: 'MQTT',
      protocolVersion: version,
      clean,
      keepalive: keepAlive,
      clientId: name,
    } as const
    this.say({ ...packet, ...(version === 5 && { properties }) })
  }

  subscribe(filters: readonly (readonly [string, 0 | 1 | 2])[]): void {
    const subscriptions = filters.map(([topic, qos]) => ({ topic, qos, nl: false, rap: false, rh: 2 }))
    this.say({ cmd: 'subscribe', messageId: 1_000, subscriptions })
  }

  unsubscribe(...filters: readonly string[]): void {
    this.say({ cmd: 'unsubscribe', messageId: 1_001, unsubscriptions: [...filters] })
  }

  publish(message: Sent): void {
    this.waiting.push(message)
  }

  /** Some bytes on their way reach the other end, then the connection is gone. */
  lose(): void {
    const { connection } = this
    if (connection === undefined) return
    this.pass(1)
    this.forgetConnection()
    connection.closed()
  }

  disconnect(): void {
    this.say({ cmd: 'disconnect' })
    this.pass(0)
    this.lose()
  }

  /** One thing that it does of its own accord, if there is any. */
  act(): void {
    if (!this.isIn) return
    if (this.answers.length > 0 && this.random.below(2) === 0) {
      const [answer] = this.answers.splice(this.random.below(this.answers.length), 1)
      this.say(answer!)
      if (answer!.cmd === 'puback' || answer!.cmd === 'pubcomp') this.brought.delete(answer!.messageId!)
    } else this.sendNext()
  }

  /** Lets bytes pass both ways: all of them, or a random part. */
  pass(isPart: 0 | 1): void {
    const { connection } = this
    const up = Buffer.concat(this.up)
    const toGateway = isPart ? this.random.below(up.length + 1) : up.length
    this.up = toGateway < up.length ? [up.subarray(toGateway)] : []
    if (toGateway > 0) connection?.receive(up.subarray(0, toGateway))
    const down = Buffer.concat(this.down)
    const toClient = isPart ? this.random.below(down.length + 1) : down.length
    this.down = toClient < down.length ? [down.subarray(toClient)] : []
    if (toClient > 0) this.reader.parse(down.subarray(0, toClient))
  }

  private say(packet: Packet): void {
    this.up.push(generate(packet, { protocolVersion: this.options.version }))
  }

  private forgetConnection(): void {
    this.connection = undefined
    this.isIn = false
    this.up = []
    this.down = []
    this.answers = []
    this.inAliases.clear()
    this.outAliases.clear()
    this.brought.clear()
    for (const each of this.unfinished.values()) each.wasSent = false
  }

  private sendNext(): void {
    const underWay = [...this.unfinished.values()].filter(({ wasSent }) => wasSent).length
    if (underWay >= this.gatewayMaximum) return
    const again = [...this.unfinished].find(([, { wasSent }]) => !wasSent)
    if (again !== undefined) {
      const [id, message] = again
      message.wasSent = true
      if (message.isReceived) this.say({ cmd: 'pubrel', messageId: id })
      else this.sayPublish(message, id, true)
      return
    }
    const [next] = this.waiting
    if (next === undefined) return
    if (next.qos === 0) {
      this.waiting.shift()
      this.sayPublish(next, 0, false)
    } else if (this.unfinished.size < mostNumbers) {
      this.waiting.shift()
      let id = 1 + this.random.below(mostNumbers)
      while (this.unfinished.has(id)) id = 1 + (id % mostNumbers)
      this.unfinished.set(id, { ...next, isReceived: false, wasSent: true })
      this.sayPublish(next, id, false)
    }
  }

  private sayPublish({ topic, payload, qos }: Sent, id: number, dup: boolean): void {
    const packet = {
      cmd: 'publish',
      payload,
      qos,
      dup,
      retain: false,
      ...(qos > 0 && { messageId: id }),
    } as const
    if (this.options.version === 4) {
      this.say({ ...packet, topic })
      return
    }
    const known = this.outAliases.get(topic)
    const topicAlias = known ?? this.outAliases.size + 1
    this.outAliases.set(topic, topicAlias)
    this.say({ ...packet, topic: known === undefined ? topic : '', properties: { topicAlias } })
  }

  private take(packet: Packet): void {
    switch (packet.cmd) {
      case 'connack':
        this.isIn = true
        this.gatewayMaximum = packet.properties?.receiveMaximum ?? 65_535
        break
      case 'publish':
        this.takeMessage(packet)
        break
      case 'pubrel':
        this.unreleased.delete(packet.messageId!)
        this.answers.push({ cmd: 'pubcomp', messageId: packet.messageId! })
        break
      case 'pubrec':
        this.takePubrec(packet.messageId!)
        break
      case 'puback':
      case 'pubcomp':
        this.unfinished.delete(packet.messageId!)
        break
      case 'disconnect':
        throw new Error(`${this.options.name} was told 0x${packet.reasonCode!.toString(16)}`)
      default:
    }
  }

  private takePubrec(id: number): void {
    const message = this.unfinished.get(id)
    // The end of the line: what was received is sent again after what was not.
    this.unfinished.delete(id)
    if (message !== undefined) this.unfinished.set(id, { ...message, isReceived: true })
    this.answers.push({ cmd: 'pubrel', messageId: id })
  }

  private takeMessage({ topic, payload, qos, messageId, properties }: IPublishPacket): void {
    const alias = properties?.topicAlias
    if (alias !== undefined && topic !== '') this.inAliases.set(alias, topic)
    const name = topic === '' ? this.inAliases.get(alias!) : topic
    const text = String(payload)
    if (!text.startsWith(`${name} `)) throw new Error(`"${text}" came by the topic ${name}`)
    if (qos > 0) {
      this.brought.add(messageId!)
      if (this.options.version === 5 && this.brought.size > this.options.receiveMaximum)
        throw new Error(`${this.options.name} has ${this.brought.size} messages under way`)
      this.answers.push({ cmd: qos === 1 ? 'puback' : 'pubrec', messageId: messageId! })
    }
    if (qos < 2 || !this.unreleased.has(messageId!)) this.heard.push(text)
    if (qos === 2) this.unreleased.add(messageId!)
  }
}
