import { mqttNameOf } from '@banyan/topics'
import { type Message, newFrameSlot, type Qos, sharedFrame } from '../hub/message.js'
import { publishProperties } from './message-form.js'
import { type Answer, encodePacket } from './packets.js'
import { encodePublish, type PublishPacket, publishLength, type Version } from './publish.js'

/** Where bytes for a client go. */
export type Outlet = {
  readonly send: (bytes: Uint8Array) => void
  /** Sends what waits, then closes. */
  readonly end: () => void
  /** Bytes that the client has not taken yet. */
  readonly backlog: () => number
}

/** What a client said of what it takes. */
export type LinkTerms = {
  readonly version: Version
  /** Messages of QoS 1 and 2 on their way to it. */
  readonly receiveMaximum: number
  readonly maximumPacketSize: number
  readonly topicAliasMaximum: number
}

/** How one message is sent to one receiver. */
export type Sending = {
  readonly qos: Qos
  readonly id: number
  readonly dup: boolean
  readonly retain: boolean
  readonly subscriptionIds: readonly number[]
}

const plain: Sending = { qos: 0, id: 0, dup: false, retain: false, subscriptionIds: [] }

/** The sending side of one connection: encodes packets as its client takes them. */
export type Link = {
  readonly terms: LinkTerms
  readonly send: (packet: Answer) => void
  /** False if the message exceeds what the client takes, so that it is not sent. */
  readonly publish: (message: Message, sending: Sending) => boolean
  /** Sends a message of QoS 0 that has nothing of the subscription in it. */
  readonly pass: (message: Message) => void
  readonly backlog: () => number
  readonly end: () => void
}

/** What an alias adds to a packet at most: itself, and a longer length of the properties and of the packet. */
const aliasBytes = 5

const frameSlots: Readonly<Record<Version, number>> = { 4: newFrameSlot(), 5: newFrameSlot() }

/** A packet of QoS 0 as the form that receivers of the same version share. */
export function frameOf(bytes: Buffer, version: Version): (Uint8Array | undefined)[] {
  const frames: (Uint8Array | undefined)[] = []
  frames[frameSlots[version]] = bytes
  return frames
}

export function createLink(outlet: Outlet, terms: LinkTerms, clock: () => number): Link {
  const { version, maximumPacketSize, topicAliasMaximum } = terms
  const aliases = new Map<string, number>()
  const slot = frameSlots[version]

  /** The topic as it is to be written, with its alias; the first topics of a connection get one. */
  const addressed = (topic: string): { readonly topic: string; readonly topicAlias?: number } => {
    const known = aliases.get(topic)
    if (known !== undefined) return { topic: '', topicAlias: known }
    if (aliases.size >= topicAliasMaximum) return { topic }
    aliases.set(topic, aliases.size + 1)
    return { topic, topicAlias: aliases.size }
  }

  const packetOf = (message: Message, { id, ...sending }: Sending): PublishPacket => {
    const base = { cmd: 'publish' as const, payload: message.payload, id, ...sending }
    const topic = mqttNameOf(message.topic)
    if (version === 4) return { ...base, topic, properties: undefined }
    const properties = publishProperties(message, clock())
    const { subscriptionIds } = sending
    if (subscriptionIds.length === 0) return { ...base, topic, properties }
    return { ...base, topic, properties: { ...properties, subscriptionIds } }
  }

  const fits = (bytes: number): boolean => bytes <= maximumPacketSize
  const encodeShared = (message: Message): Uint8Array => encodePublish(packetOf(message, plain), version)
  // A connection with aliases has packets of its own.
  const isPlain = topicAliasMaximum === 0

  const link: Link = {
    terms,
    send: (packet) => outlet.send(encodePacket(packet, version)),
    pass: (message) => {
      if (!isPlain || message.expiresAt !== undefined) link.publish(message, plain)
      else {
        const frame = sharedFrame(message, slot, encodeShared)
        if (frame.length <= maximumPacketSize) outlet.send(frame)
      }
    },
    publish: (message, sending) => {
      const packet = packetOf(message, sending)
      if (!fits(publishLength(packet, version) + (aliases.has(packet.topic) ? 0 : aliasBytes))) {
        // A new alias would make it longer.
        if (!fits(publishLength(packet, version))) return false
        outlet.send(encodePublish(packet, version))
        return true
      }
      const { topic, topicAlias } = addressed(packet.topic)
      const properties = topicAlias === undefined ? packet.properties : { ...packet.properties, topicAlias }
      outlet.send(encodePublish({ ...packet, topic, properties }, version))
      return true
    },
    backlog: outlet.backlog,
    end: outlet.end,
  }
  return link
}
