import { isReserved, type TopicName } from '@banyan/topics'
import type { Access, Principal } from '../access/access.js'
import type { Hub } from '../hub/hub.js'
import type { NewMessage } from '../hub/message.js'
import type { MqttLimits } from './limits.js'
import { frameOf, type Link } from './link.js'
import { expiryOf, messageProperties } from './message-form.js'
import { isForwardable, type PublishPacket, type ReceivedPublish } from './publish.js'
import { type Reason, reason, refusePacket } from './reasons.js'
import type { Session } from './session.js'

/** What receiving needs of a connection. */
export type ReceiveScope = {
  readonly hub: Hub
  readonly access: Access
  readonly limits: MqttLimits
  readonly clock: () => number
  readonly nameOf: (topic: string) => TopicName
  readonly session: Session
  readonly principal: Principal
  readonly link: Link
}

/** Takes the messages of one connection's client: each is answered as its QoS demands. */
export class Receiving {
  private readonly scope: ReceiveScope
  /** Topics by the numbers that the client gave them, for the time of this connection. */
  private readonly aliases = new Map<number, string>()
  /** Messages of QoS 1 that the hub has not accepted yet. */
  private unanswered = 0
  /** Messages of QoS 2 that came by this connection and have not been released: 5 counts anew with each connection. */
  private readonly unreleased = new Set<number>()

  constructor(scope: ReceiveScope) {
    this.scope = scope
  }

  /** Errors: MqttRefused, TopicInvalid. */
  publish(packet: ReceivedPublish): void {
    const { scope } = this
    const { session } = scope
    const topic = scope.nameOf(this.topicOf(packet))
    this.requireQuota(packet)
    if (packet.qos === 2 && session.unreleased.has(packet.id)) {
      this.unreleased.add(packet.id)
      this.answer(packet, reason.success)
    } else if (isReserved(topic)) this.ignore(packet)
    else if (scope.access.can(scope.principal, 'publish', topic) !== 'granted') this.refuse(packet)
    else this.accept(packet, topic)
  }

  /** The client sends no copies of a message of QoS 2 any more. */
  release(id: number): void {
    const { session, link } = this.scope
    const isKnown = session.unreleased.delete(id)
    this.unreleased.delete(id)
    link.send({ cmd: 'pubcomp', messageId: id, ...(!isKnown && { reasonCode: reason.idUnknown }) })
  }

  /** 3.1.1 knows no such bound but that of its numbers. */
  private requireQuota({ qos, id }: PublishPacket): void {
    const { limits, link } = this.scope
    if (qos === 0 || link.terms.version === 4 || this.unreleased.has(id)) return
    if (this.unreleased.size + this.unanswered >= limits.receiveMaximum)
      refusePacket(
        reason.receiveMaximumExceeded,
        `more than ${limits.receiveMaximum} messages are on their way`,
      )
  }

  private accept(packet: ReceivedPublish, topic: TopicName): void {
    const { hub, session, clock } = this.scope
    const { qos, retain, id } = packet
    const message: NewMessage = {
      topic,
      // Messages that wait for their receivers must not hold on to all that came with them.
      payload: qos === 0 ? packet.payload : new Uint8Array(packet.payload),
      qos,
      retain,
      expiresAt: expiryOf(packet.properties, clock()),
      properties: messageProperties(packet.properties),
      from: session.publisher,
      frames: isForwardable(packet) ? frameOf(packet.bytes, this.scope.link.terms.version) : undefined,
    }
    if (qos === 0) {
      hub.publish(message)
      return
    }
    if (qos === 2) {
      session.unreleased.add(id)
      this.unreleased.add(id)
    } else this.unanswered++
    hub.publish(message, (published) => {
      if (qos === 1) this.unanswered--
      if (published === 'full') {
        session.unreleased.delete(id)
        this.unreleased.delete(id)
        this.answer(packet, reason.quotaExceeded)
      } else this.answer(packet, published.receivers === 0 ? reason.noSubscribers : reason.success)
    })
  }

  /** Names of the gateway's own. 3.1.1 can only pretend to accept them [MQTT-3.3.5-2]. */
  private ignore(packet: PublishPacket): void {
    this.answer(packet, this.scope.link.terms.version === 5 ? reason.notAuthorized : reason.success)
  }

  /** Only 5 can say that one message was refused. */
  private refuse(packet: PublishPacket): void {
    if (packet.qos === 0 || this.scope.link.terms.version === 4)
      refusePacket(reason.notAuthorized, `publishing to "${packet.topic}" is not allowed`)
    this.answer(packet, reason.notAuthorized)
  }

  private answer({ id, qos }: PublishPacket, code: Reason): void {
    if (qos === 0) return
    const { link } = this.scope
    if (link.terms.version === 4 && code >= reason.unspecified)
      refusePacket(code, 'a message was refused, which 3.1.1 cannot say')
    const isPlain = link.terms.version === 4 || code === reason.success
    link.send({
      cmd: qos === 1 ? 'puback' : 'pubrec',
      messageId: id,
      ...(!isPlain && { reasonCode: code }),
    })
  }

  private topicOf({ topic, properties }: PublishPacket): string {
    const alias = properties?.topicAlias
    if (alias === undefined)
      return topic === '' ? refusePacket(reason.protocolError, 'a message has no topic') : topic
    if (alias === 0 || alias > this.scope.limits.topicAliases)
      refusePacket(reason.aliasInvalid, `${alias} is no alias of a topic`)
    if (topic !== '') this.aliases.set(alias, topic)
    return this.aliases.get(alias) ?? refusePacket(reason.protocolError, `nothing has the alias ${alias}`)
  }
}
