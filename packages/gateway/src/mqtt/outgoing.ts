import type { Message, Qos } from '../hub/message.js'
import type { Link } from './link.js'

export type OutgoingLimits = {
  /** Messages of QoS 1 and 2 that wait for a client; of more, the oldest are dropped. */
  readonly waitingMessages: number
  /** Bytes that a client has not taken, above which it gets no messages of QoS 0. */
  readonly backlogBytes: number
}

/** How a message reaches one session. */
export type Delivery = {
  readonly message: Message
  readonly qos: Qos
  readonly retain: boolean
  readonly subscriptionIds: readonly number[]
}

/** A message of QoS 1 or 2 that was sent: `released` once a PUBREL followed it. */
type InFlight = { readonly delivery: Delivery; released: boolean }

const mostIds = 65_535

/** What a session owes its client: messages on their way, and those that wait for their turn. Survives connections. */
export class Outgoing {
  private readonly limits: OutgoingLimits
  private readonly clock: () => number
  private link: Link | undefined
  private waiting: Delivery[] = []
  private taken = 0
  private readonly inFlight = new Map<number, InFlight>()
  /** Those that this connection's client has not got yet, after it came again. */
  private resend: number[] = []
  private lastId = 0
  /** Messages that were dropped because the client was too slow or away. */
  dropped = 0

  constructor(limits: OutgoingLimits, clock: () => number) {
    this.limits = limits
    this.clock = clock
  }

  /** Sends again what was on its way to the client's last connection [MQTT-4.4.0-1], then what waits. */
  attach(link: Link): void {
    this.link = link
    this.resend = [...this.inFlight.keys()]
    this.pump()
  }

  detach(): void {
    this.link = undefined
  }

  /** Gives a message of QoS 0 on to the client if it is here and takes it: the way of most messages. */
  pass(message: Message): void {
    const { link } = this
    if (link === undefined || link.backlog() > this.limits.backlogBytes) this.dropped++
    else link.pass(message)
  }

  deliver(delivery: Delivery): void {
    const { link } = this
    if (delivery.qos > 0) {
      if (this.waitingCount() >= this.limits.waitingMessages) {
        this.shift()
        this.dropped++
      }
      this.waiting.push(delivery)
      this.pump()
    } else if (link === undefined || link.backlog() > this.limits.backlogBytes) this.dropped++
    else this.send(link, delivery, 0, false)
  }

  /** The client has a message of QoS 1, or refused one of QoS 2. */
  acknowledged(id: number): void {
    this.inFlight.delete(id)
    if (this.resend.includes(id)) this.resend = this.resend.filter((each) => each !== id)
    this.pump()
  }

  /** The client has a message of QoS 2; false if it is unknown. */
  received(id: number): boolean {
    const entry = this.inFlight.get(id)
    if (entry === undefined) return false
    entry.released = true
    return true
  }

  waitingCount(): number {
    return this.waiting.length - this.taken
  }

  inFlightCount(): number {
    return this.inFlight.size
  }

  private shift(): Delivery | undefined {
    const next = this.waiting[this.taken]
    if (next === undefined) return undefined
    this.taken++
    if (this.taken > 512 && this.taken * 2 > this.waiting.length) {
      this.waiting = this.waiting.slice(this.taken)
      this.taken = 0
    }
    return next
  }

  /** Messages that the client of this connection has been sent and not acknowledged. */
  private underWay(): number {
    return this.inFlight.size - this.resend.length
  }

  private pump(): void {
    const { link } = this
    if (link === undefined) return
    while (this.underWay() < link.terms.receiveMaximum && this.resend.length > 0) this.sendAgain(link)
    while (this.underWay() < Math.min(link.terms.receiveMaximum, mostIds)) {
      const delivery = this.shift()
      if (delivery === undefined) return
      const { expiresAt } = delivery.message
      if (expiresAt !== undefined && expiresAt <= this.clock()) continue
      const id = this.freeId()
      this.inFlight.set(id, { delivery, released: false })
      if (!this.send(link, delivery, id, false)) this.inFlight.delete(id)
    }
  }

  private sendAgain(link: Link): void {
    const id = this.resend.shift()!
    const { delivery, released } = this.inFlight.get(id)!
    if (released) link.send({ cmd: 'pubrel', messageId: id })
    else if (!this.send(link, delivery, id, true)) this.inFlight.delete(id)
  }

  private send(link: Link, delivery: Delivery, id: number, dup: boolean): boolean {
    const { message, qos, retain, subscriptionIds } = delivery
    return link.publish(message, { qos, id, dup, retain, subscriptionIds })
  }

  private freeId(): number {
    do this.lastId = (this.lastId % mostIds) + 1
    while (this.inFlight.has(this.lastId))
    return this.lastId
  }
}
