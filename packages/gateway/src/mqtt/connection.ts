import { BanyanError } from '@banyan/base'
import { isReserved, positionText } from '@banyan/topics'
import type { Principal } from '../access/access.js'
import { type ConnectRequest, readConnect, type WillRequest } from './connect.js'
import { readConnectPacket, readVersion } from './connect-packet.js'
import { createLink, type Link, type Outlet } from './link.js'
import { messageProperties } from './message-form.js'
import type { MqttParts } from './mqtt.js'
import { type DisconnectPacket, decodePacket, type Packet } from './packets.js'
import type { Version } from './publish.js'
import { isConnectCode, oldConnectCode, type Reason, reason, reasonOf, refusePacket } from './reasons.js'
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
  private early: Packet[] | undefined
  private earlyBytes = 0
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
      this.requireReader()
      this.splitter.push(bytes, (packet) => {
        if (!this.hasEnded) this.take(packet)
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

  /** Ends a client that has been silent for too long, has not said who it is, or was too slow for a log or a state. */
  tick(): void {
    const now = this.parts.clock()
    if (this.open === undefined) {
      if (now - this.openedAt > this.parts.limits.connectMs) this.refuse(reason.keepAliveTimeout)
    } else if (this.open.session.outgoing.hasGap) this.refuse(reason.quotaExceeded)
    else if (this.open.silenceMs > 0 && now - this.heardAt > this.open.silenceMs)
      this.refuse(reason.keepAliveTimeout)
  }

  /** Tells the client why, and ends. */
  refuse(code: Reason): void {
    if (this.hasEnded) return
    if (this.open === undefined) this.answerConnect(code)
    else if (this.version === 5) this.open.link.send({ cmd: 'disconnect', reasonCode: code })
    this.end('lost')
  }

  /** A client that asks and does not read what it is answered would fill memory. Error: MqttRefused. */
  private requireReader(): void {
    const { backlogBytes, packetBytes } = this.parts.limits
    if (this.outlet.backlog() > 2 * backlogBytes + packetBytes)
      refusePacket(reason.quotaExceeded, 'the client does not read what it is sent')
  }

  private take(bytes: Buffer): void {
    if (this.version === undefined) this.connect(bytes)
    else if (this.open !== undefined) this.handle(this.open, decodePacket(bytes, this.version))
    else if (this.early !== undefined) {
      this.earlyBytes += bytes.length
      if (this.early.length >= mostEarlyPackets || this.earlyBytes > this.parts.limits.packetBytes)
        refusePacket(reason.quotaExceeded, 'too much came early')
      this.early.push(decodePacket(bytes, this.version))
    }
  }

  private connect(bytes: Buffer): void {
    const version = readVersion(bytes)
    this.version = version
    const { access, limits, newId } = this.parts
    const request = readConnect(readConnectPacket(bytes), version, limits, newId)
    this.early = []
    access.authenticate(request.credentials, (principal) => {
      const early = this.early ?? []
      this.early = undefined
      if (this.hasEnded) return
      try {
        if (principal === undefined) refusePacket(reason.credentialsWrong, 'the credentials are wrong')
        const open = this.accept(request, principal)
        for (const each of early) if (!this.hasEnded) this.handle(open, each)
      } catch (error) {
        if (!(error instanceof BanyanError)) throw error
        this.refuse(error.kind === 'TopicInvalid' ? reason.nameInvalid : reasonOf(error))
      }
    })
  }

  private accept(request: ConnectRequest, principal: Principal): Open {
    const { parts } = this
    const { access, limits, clock, sessions, hub, nameOf } = parts
    const { clientId, terms, will } = request
    if (
      will !== undefined &&
      (isReserved(will.topic) || access.can(principal, 'publish', will.topic) !== 'granted')
    )
      refusePacket(reason.notAuthorized, 'the will may not be published')
    // Before the session, which must not be taken for a client that is refused.
    const kept = will === undefined ? undefined : willOf(will)
    const taken = sessions.take(clientId, request.isClean)
    const { session, isPresent } =
      taken ?? refusePacket(reason.serverBusy, 'there is no room for another session')
    session.expiryMs = request.expiryMs
    session.disconnect = () => this.refuse(reason.takenOver)
    const link = createLink(this.outlet, terms, clock)
    const open: Open = {
      link,
      session,
      receiving: new Receiving({ hub, access, limits, clock, nameOf, session, principal, link }),
      subscribing: { hub, access, limits, session, principal, version: terms.version },
      will: kept,
      // [MQTT-3.1.2-22]: one and a half times what was agreed.
      silenceMs: request.keepAlive * 1_500,
    }
    this.open = open
    this.answerConnect(reason.success, request, isPresent)
    session.outgoing.attach(link)
    return open
  }

  private answerConnect(code: Reason, request?: ConnectRequest, sessionPresent = false): void {
    const { limits } = this.parts
    const version = this.version ?? 4
    const link = createLink(
      this.outlet,
      { version, receiveMaximum: 0, maximumPacketSize: Number.MAX_SAFE_INTEGER, topicAliasMaximum: 0 },
      this.parts.clock,
    )
    if (!isConnectCode(code, version)) return
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

  private handle(open: Open, packet: Packet): void {
    const { link, session, receiving, subscribing } = open
    switch (packet.cmd) {
      case 'publish':
        receiving.publish(packet)
        break
      case 'puback':
        session.outgoing.acknowledged(packet.id)
        break
      case 'pubrec':
        this.received(open, packet.id, packet.code)
        break
      case 'pubrel':
        receiving.release(packet.id)
        break
      case 'pubcomp':
        session.outgoing.completed(packet.id)
        break
      case 'subscribe': {
        const { codes, isReset, sendKept } = subscribe(subscribing, packet)
        const reset = { userProperties: { reset: positionText(this.parts.hub.end()) } }
        const properties = isReset ? { properties: reset } : {}
        link.send({ cmd: 'suback', messageId: packet.id, granted: [...codes], ...properties })
        sendKept()
        break
      }
      case 'unsubscribe': {
        const codes = unsubscribe(subscribing, packet)
        link.send({ cmd: 'unsuback', messageId: packet.id, granted: [...codes] })
        break
      }
      case 'pingreq':
        link.send({ cmd: 'pingresp' })
        break
      case 'disconnect':
        this.leave(open, packet)
    }
  }

  private received({ link, session }: Open, id: number, code: number): void {
    if (code >= reason.unspecified) session.outgoing.refused(id)
    else {
      const isKnown = session.outgoing.received(id)
      link.send({ cmd: 'pubrel', messageId: id, ...(!isKnown && { reasonCode: reason.idUnknown }) })
    }
  }

  private leave({ session }: Open, { code, properties }: DisconnectPacket): void {
    const expiry = properties.sessionExpiry
    if (expiry !== undefined) {
      if (expiry > 0 && session.expiryMs === 0)
        refusePacket(reason.protocolError, 'a session that was not to be kept cannot be kept now')
      session.expiryMs = Math.min(expiry * 1_000, this.parts.limits.longestSessionMs)
    }
    // Only a normal end takes the will back [MQTT-3.1.2-10].
    this.end(code === reason.success ? 'left' : 'lost')
  }

  private end(how: 'left' | 'lost'): void {
    if (this.hasEnded) return
    this.hasEnded = true
    this.parts.ended(this)
    this.outlet.end()
    if (this.open === undefined) return
    const { session, will } = this.open
    if (how === 'lost' && will !== undefined) {
      session.will = { ...will, at: this.parts.clock() + will.delayMs }
    }
    this.parts.sessions.leave(session)
  }
}

/** Error: TopicInvalid. */
function willOf({ topic, payload, qos, retain, properties, delayMs }: WillRequest): Will {
  return {
    message: {
      topic,
      payload,
      qos,
      retain,
      expiresAt: undefined,
      properties: messageProperties(properties),
      from: undefined,
      frames: undefined,
    },
    delayMs,
    properties,
  }
}
