import type { Message, Qos } from '../hub/message.js'
import type { Link } from './link.js'
import { reason, refusePacket } from './reasons.js'
import { type QueueLimits, WaitingMessages } from './waiting.js'

export type OutgoingLimits = QueueLimits & {
  /** Bytes that a client has not taken, above which it gets no messages of QoS 0, and of others one at a time. */
  readonly backlogBytes: number
}

/** How a message reaches one session. */
export type Delivery = {
  readonly message: Message
  readonly qos: Qos
  readonly retain: boolean
  readonly subscriptionIds: readonly number[]
}

/** A message of QoS 1 or 2 that was sent: `isReceived` once a PUBREC answered it. */
type InFlight = { readonly delivery: Delivery; isReceived: boolean }

const mostIds = 65_535

/** What a session owes its client: messages on their way, and those that wait for their turn. Survives connections. */
export class Outgoing {
  private readonly limits: OutgoingLimits
  private readonly clock: () => number
  private link: Link | undefined
  private readonly waiting: WaitingMessages
  /** In the order in which they were sent, those received in the order of their PUBRECs. */
  private readonly inFlight = new Map<number, InFlight>()
  /** Those that this connection's client has not got yet, after it came again. */
  private resend = new Set<number>()
  /** Walks through `resend` once. */
  private nextAgain = this.resend.values()
  private lastId = 0
  private lost = 0

  constructor(limits: OutgoingLimits, clock: () => number) {
    this.limits = limits
    this.clock = clock
    this.waiting = new WaitingMessages(limits)
  }

  /** Messages that were dropped because the client was too slow or away. */
  get dropped(): number {
    return this.lost + this.waiting.dropped
  }

  /** Whether a message was dropped that the client would miss without knowing. */
  get hasGap(): boolean {
    return this.waiting.hasGap
  }

  /** Sends again what was on its way to the client's last connection [MQTT-4.4.0-1], then what waits. */
  attach(link: Link): void {
    this.link = link
    this.resend = new Set(this.inFlight.keys())
    this.nextAgain = this.resend.values()
    this.pump()
  }

  detach(): void {
    this.link = undefined
  }

  /** Gives a message of QoS 0 on to the client if it is here and takes it: the way of most messages. */
  pass(message: Message): void {
    const { link } = this
    if (link === undefined || link.backlog() > this.limits.backlogBytes) this.lost++
    else link.pass(message)
  }

  deliver(delivery: Delivery): void {
    const { link } = this
    if (delivery.qos > 0) {
      this.waiting.push(delivery)
      this.pump()
    } else if (link === undefined || link.backlog() > this.limits.backlogBytes) this.lost++
    else this.send(link, delivery, 0, false)
  }

  /** PUBACK: the client has a message of QoS 1. Error: MqttRefused. */
  acknowledged(id: number): void {
    if (this.inFlight.get(id)?.delivery.qos === 2)
      refusePacket(reason.protocolError, 'PUBACK answers a message of QoS 2')
    this.forget(id)
  }

  /** PUBREC: the client has a message of QoS 2; false if it is unknown. Error: MqttRefused. */
  received(id: number): boolean {
    const entry = this.inFlightOfQos2(id)
    if (entry === undefined) return false
    if (!entry.isReceived) {
      entry.isReceived = true
      this.inFlight.delete(id)
      this.inFlight.set(id, entry)
    }
    return true
  }

  /** PUBREC with an error: the client does not want a message of QoS 2. Error: MqttRefused. */
  refused(id: number): void {
    this.inFlightOfQos2(id)
    this.forget(id)
  }

  /** PUBCOMP: the client has forgotten the number of a message. Error: MqttRefused. */
  completed(id: number): void {
    if (this.inFlightOfQos2(id)?.isReceived === false)
      refusePacket(reason.protocolError, 'PUBCOMP comes before PUBREC')
    this.forget(id)
  }

  private inFlightOfQos2(id: number): InFlight | undefined {
    const entry = this.inFlight.get(id)
    if (entry?.delivery.qos === 1)
      refusePacket(reason.protocolError, 'a message of QoS 1 is only answered by PUBACK')
    return entry
  }

  private forget(id: number): void {
    this.inFlight.delete(id)
    this.resend.delete(id)
    this.pump()
  }

  /** Messages that the client of this connection has been sent and not acknowledged. */
  private underWay(): number {
    return this.inFlight.size - this.resend.size
  }

  /** Whether the client takes one more. With nothing under way one is sent in any case: its answer brings the next. */
  private maySend(link: Link): boolean {
    const underWay = this.underWay()
    if (underWay >= link.terms.receiveMaximum) return false
    return underWay === 0 || link.backlog() <= this.limits.backlogBytes
  }

  private pump(): void {
    const { link } = this
    if (link === undefined) return
    while (this.maySend(link)) {
      const again = this.nextAgain.next()
      if (again.done !== true) this.sendAgain(link, again.value)
      else if (!this.sendNext(link)) return
    }
  }

  private sendAgain(link: Link, id: number): void {
    this.resend.delete(id)
    const { delivery, isReceived } = this.inFlight.get(id)!
    if (isReceived) link.send({ cmd: 'pubrel', messageId: id })
    else if (!this.send(link, delivery, id, true)) this.inFlight.delete(id)
  }

  /** False if nothing waits. */
  private sendNext(link: Link): boolean {
    if (this.inFlight.size >= mostIds) return false
    const delivery = this.waiting.shift()
    if (delivery === undefined) return false
    const { expiresAt } = delivery.message
    if (expiresAt !== undefined && expiresAt <= this.clock()) return true
    const id = this.freeId()
    this.inFlight.set(id, { delivery, isReceived: false })
    if (!this.send(link, delivery, id, false)) this.inFlight.delete(id)
    return true
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
