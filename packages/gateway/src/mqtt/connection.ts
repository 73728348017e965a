import { BanyanError } from '@banyan/base'
import type { Principal } from '../access/access.js'
import { type ConnectRequest, readConnect, type WillRequest } from './connect.js'
import { createLink, type Link, type Outlet } from './link.js'
import { expiryOf, messageProperties } from './message-form.js'
import type { MqttParts } from './mqtt.js'
import { type ConnectPacket, type DisconnectPacket, decodePacket, type ReceivedPacket } from './packets.js'
import type { Version } from './publish.js'
import { oldConnectCode, type Reason, reason, reasonOf, refusePacket } from './reasons.js'
import { Receiving } from './receiving.js'
import type { Session, Will } from './session.js'
import { PacketSplitter } from './splitter.js'
import { type SubscribeScope, subscribe, unsubscribe } from './subscribing.js'

/** Packets that may come before a client is known to be who it says. */
const mostEarlyPackets = 100

/** A client whose CONNECT was accepted. */
type Open = {
  readonly link: Link
  readonly session: Session
  readonly receiving: Receiving
  readonly subscribing: SubscribeScope
  readonly will: Will | undefined
  readonly silenceMs: number
}

/** One connection of a client of MQTT. Knows no socket and no clock but that of its parts. */
export class MqttConnection {
  private readonly parts: MqttParts
  private readonly outlet: Outlet
  private readonly splitter: PacketSplitter
  private readonly openedAt: number
  private heardAt: number
  private version: Version | undefined
  private open: Open | undefined
  /** While the client's credentials are looked at. */
  private early: ReceivedPacket[] | undefined
  private hasEnded = false

  constructor(parts: MqttParts, outlet: Outlet) {
    this.parts = parts
    this.outlet = outlet
    this.splitter = new PacketSplitter(parts.limits.packetBytes)
    this.openedAt = parts.clock()
    this.heardAt = this.openedAt
  }

  receive(bytes: Buffer): void {
    if (this.hasEnded) return
    this.heardAt = this.parts.clock()
    try {
      this.splitter.push(bytes, (packet) => {
        if (!this.hasEnded) this.take(decodePacket(packet, this.version))
      })
    } catch (error) {
      if (!(error instanceof BanyanError)) throw error
      this.refuse(error.kind === 'TopicInvalid' ? reason.nameInvalid : reasonOf(error))
    }
  }

  /** The network connection is gone. */
  closed(): void {
    this.end('lost')
  }

  /** Ends a client that has been silent for too long, or has not said who it is. */
  tick(): void {
    const now = this.parts.clock()
    if (this.open === undefined) {
      if (now - this.openedAt > this.parts.limits.connectMs) this.refuse(reason.keepAliveTimeout)
    } else if (this.open.silenceMs > 0 && now - this.heardAt > this.open.silenceMs)
      this.refuse(reason.keepAliveTimeout)
  }

  /** Tells the client why, and ends. */
  refuse(code: Reason): void {
    if (this.hasEnded) return
    if (this.open === undefined) this.answerConnect(code)
    else if (this.version === 5) this.open.link.send({ cmd: 'disconnect', reasonCode: code })
    this.end('lost')
  }

  private take(packet: ReceivedPacket): void {
    if (this.early !== undefined) {
      if (this.early.length >= mostEarlyPackets)
        refusePacket(reason.quotaExceeded, 'too many packets came early')
      this.early.push(packet)
    } else if (packet.cmd === 'connect') this.connect(packet)
    else if (this.open === undefined) refusePacket(reason.protocolError, 'the first packet is no CONNECT')
    else this.handle(this.open, packet)
  }

  private connect(packet: ConnectPacket): void {
    if (this.version !== undefined) refusePacket(reason.protocolError, 'a second CONNECT')
    this.version = packet.protocolVersion === 5 ? 5 : 4
    const { access, limits, newId } = this.parts
    const request = readConnect(packet, limits, newId)
    this.early = []
    access.authenticate(request.credentials, (principal) => {
      const early = this.early ?? []
      this.early = undefined
      if (this.hasEnded) return
      try {
        if (principal === undefined) refusePacket(reason.credentialsWrong, 'the credentials are wrong')
        this.accept(request, principal)
        for (const each of early) if (!this.hasEnded) this.take(each)
      } catch (error) {
        if (!(error instanceof BanyanError)) throw error
        this.refuse(error.kind === 'TopicInvalid' ? reason.nameInvalid : reasonOf(error))
      }
    })
  }

  private accept(request: ConnectRequest, principal: Principal): void {
    const { parts } = this
    const { access, limits, clock, sessions, hub, nameOf } = parts
    const { clientId, terms, will } = request
    if (will !== undefined && access.can(principal, 'publish', will.topic) !== 'granted')
      refusePacket(reason.notAuthorized, 'the will may not be published')
    const taken = sessions.take(clientId, request.isClean)
    const { session, isPresent } =
      taken ?? refusePacket(reason.serverBusy, 'there is no room for another session')
    session.expiryMs = request.expiryMs
    session.disconnect = () => this.refuse(reason.takenOver)
    const link = createLink(this.outlet, terms, clock)
    this.open = {
      link,
      session,
      receiving: new Receiving({ hub, access, limits, clock, nameOf, session, principal, link }),
      subscribing: { hub, access, limits, session, principal, version: terms.version },
      will: will === undefined ? undefined : { message: messageOf(will, clock()), delayMs: will.delayMs },
      // [MQTT-3.1.2-22]: one and a half times what was agreed.
      silenceMs: request.keepAlive * 1_500,
    }
    this.answerConnect(reason.success, request, isPresent)
    session.outgoing.attach(link)
  }

  private answerConnect(code: Reason, request?: ConnectRequest, sessionPresent = false): void {
    const { limits } = this.parts
    const version = this.version ?? 4
    const link = createLink(
      this.outlet,
      { version, receiveMaximum: 0, maximumPacketSize: Number.MAX_SAFE_INTEGER, topicAliasMaximum: 0 },
      this.parts.clock,
    )
    if (version === 4) link.send({ cmd: 'connack', returnCode: oldConnectCode(code), sessionPresent })
    else if (request === undefined) link.send({ cmd: 'connack', reasonCode: code, sessionPresent: false })
    else
      link.send({
        cmd: 'connack',
        reasonCode: code,
        sessionPresent,
        properties: {
          receiveMaximum: limits.receiveMaximum,
          maximumPacketSize: limits.packetBytes,
          topicAliasMaximum: limits.topicAliases,
          ...(request.isIdAssigned && { assignedClientIdentifier: request.clientId }),
          ...(request.isExpiryLowered && { sessionExpiryInterval: request.expiryMs / 1_000 }),
          ...(request.isKeepAliveLowered && { serverKeepAlive: request.keepAlive }),
        },
      })
  }

  private handle(open: Open, packet: ReceivedPacket): void {
    const { link, session, receiving, subscribing } = open
    switch (packet.cmd) {
      case 'publish':
        receiving.publish(packet)
        break
      case 'puback':
        session.outgoing.acknowledged(packet.messageId!)
        break
      case 'pubrec':
        this.received(open, packet.messageId!, packet.reasonCode ?? 0)
        break
      case 'pubrel':
        receiving.release(packet.messageId!)
        break
      case 'pubcomp':
        session.outgoing.acknowledged(packet.messageId!)
        break
      case 'subscribe': {
        const { codes, sendRetained } = subscribe(subscribing, packet)
        link.send({ cmd: 'suback', messageId: packet.messageId!, granted: [...codes] })
        sendRetained()
        break
      }
      case 'unsubscribe': {
        const codes = unsubscribe(subscribing, packet)
        link.send({ cmd: 'unsuback', messageId: packet.messageId!, granted: [...codes] })
        break
      }
      case 'pingreq':
        link.send({ cmd: 'pingresp' })
        break
      case 'disconnect':
        this.leave(open, packet)
        break
      default:
        refusePacket(reason.protocolError, `a client may not send ${packet.cmd.toUpperCase()}`)
    }
  }

  private received({ link, session }: Open, id: number, code: number): void {
    if (code >= reason.unspecified) session.outgoing.acknowledged(id)
    else {
      const isKnown = session.outgoing.received(id)
      link.send({ cmd: 'pubrel', messageId: id, ...(!isKnown && { reasonCode: reason.idUnknown }) })
    }
  }

  private leave({ session }: Open, { reasonCode, properties }: DisconnectPacket): void {
    const expiry = properties?.sessionExpiryInterval
    if (expiry !== undefined) {
      if (expiry > 0 && session.expiryMs === 0)
        refusePacket(reason.protocolError, 'a session that was not to be kept cannot be kept now')
      session.expiryMs = Math.min(expiry * 1_000, this.parts.limits.longestSessionMs)
    }
    this.end(reasonCode === reason.disconnectWithWill ? 'lost' : 'left')
  }

  private end(how: 'left' | 'lost'): void {
    if (this.hasEnded) return
    this.hasEnded = true
    this.parts.ended(this)
    this.outlet.end()
    if (this.open === undefined) return
    const { session, will } = this.open
    if (how === 'lost' && will !== undefined) {
      if (will.delayMs === 0) this.parts.hub.publish(will.message)
      else session.will = { ...will, at: this.parts.clock() + will.delayMs }
    }
    this.parts.sessions.leave(session)
  }
}

function messageOf({ topic, payload, qos, retain, properties }: WillRequest, now: number): Will['message'] {
  return {
    topic,
    payload: Uint8Array.prototype.slice.call(payload),
    qos,
    retain,
    expiresAt: expiryOf(properties, now),
    properties: messageProperties(properties),
    from: undefined,
    frames: undefined,
  }
}
