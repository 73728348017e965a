import { BanyanError } from '@banyan/base'
import { type MqttFilter, mqttFilter } from '@banyan/topics'
import type { Access, Principal } from '../access/access.js'
import type { Hub } from '../hub/hub.js'
import type { Message } from '../hub/message.js'
import type { MqttLimits } from './limits.js'
import type { AskedSubscription, SubscribePacket, UnsubscribePacket } from './packets.js'
import type { Version } from './publish.js'
import { reason, refusePacket } from './reasons.js'
import { readReplay, sinceOf } from './replay.js'
import { type Session, type SessionSubscription, sessionSubscription } from './session.js'

/** What subscribing needs of a connection. */
export type SubscribeScope = {
  readonly hub: Hub
  readonly access: Access
  readonly limits: MqttLimits
  readonly session: Session
  readonly principal: Principal
  readonly version: Version
}

/** Codes for a SUBACK, and what sends last values or history as the subscriptions ask once that is sent. */
export type Subscribed = {
  readonly codes: readonly number[]
  /** What the client knows of one of them does not continue. */
  readonly isReset: boolean
  readonly sendKept: () => void
}

type One = { readonly code: number; readonly isReset?: boolean; readonly sendKept?: () => void }

/** Error: MqttRefused. */
export function subscribe(scope: SubscribeScope, packet: SubscribePacket): Subscribed {
  const id = packet.properties.subscriptionId
  if (id === 0) refusePacket(reason.protocolError, 'a subscription identifier is 0')
  const since = sinceOf(packet.properties)
  const all = packet.subscriptions.map((asked) => subscribeOne(scope, asked, id, since))
  return {
    // 3.1.1 knows one code for all that fails.
    codes: all.map(({ code }) =>
      scope.version === 4 && code > reason.unspecified ? reason.unspecified : code,
    ),
    isReset: all.some(({ isReset }) => isReset === true),
    sendKept: () => {
      for (const { sendKept } of all) sendKept?.()
    },
  }
}

function subscribeOne(
  scope: SubscribeScope,
  asked: AskedSubscription,
  id: number | undefined,
  since: string | undefined,
): One {
  const { hub, access, limits, session, principal } = scope
  const parsed = parseFilter(asked.topic)
  if (parsed === undefined) return { code: reason.filterInvalid }
  const { filter, group } = parsed
  if (group !== undefined && asked.noLocal)
    refusePacket(reason.protocolError, 'members of a group cannot leave out what they sent')
  const verdict = access.can(principal, 'subscribe', filter)
  if (verdict !== 'granted') return { code: verdict === 'denied' ? reason.notAuthorized : reason.unspecified }
  const before = session.subscriptions.get(asked.topic)
  if (before === undefined && session.subscriptions.size >= limits.subscriptionsPerSession)
    return { code: reason.quotaExceeded }
  // Members of a group have no history of their own.
  const isReplay = since !== undefined && group === undefined
  const replay = isReplay ? readReplay(hub, filter, since, limits.waitingMessages) : undefined
  if (replay === 'too much') return { code: reason.quotaExceeded }
  if (since !== undefined && replay === undefined) return { code: reason.unspecified }
  if (before !== undefined) hub.unsubscribe(before)
  const subscription = sessionSubscription(session, filter, group, {
    qos: asked.qos,
    id,
    noLocal: asked.noLocal,
    retainAsPublished: asked.retainAsPublished,
  })
  session.subscriptions.set(asked.topic, subscription)
  hub.subscribe(subscription)
  if (replay !== undefined) {
    const { messages, isReset } = replay
    return { code: asked.qos, isReset, sendKept: () => sendKept(scope, subscription, messages) }
  }
  const handling = asked.retainHandling
  const isWanted = group === undefined && (handling === 0 || (handling === 1 && before === undefined))
  const sendValues = (): void => sendKept(scope, subscription, hub.retained(filter))
  return { code: asked.qos, ...(isWanted && { sendKept: sendValues }) }
}

function sendKept(
  { session }: SubscribeScope,
  { qos, id, noLocal }: SessionSubscription,
  messages: readonly Message[],
): void {
  for (const message of messages) {
    if (noLocal && message.from === session.publisher) continue
    session.outgoing.deliver({
      message,
      qos: Math.min(qos, message.qos) as 0 | 1 | 2,
      retain: true,
      subscriptionIds: id === undefined ? [] : [id],
    })
  }
}

function parseFilter(text: string): MqttFilter | undefined {
  try {
    return mqttFilter(text)
  } catch (error) {
    if (error instanceof BanyanError && error.kind === 'TopicInvalid') return undefined
    throw error
  }
}

/** Codes for an UNSUBACK. */
export function unsubscribe({ hub, session }: SubscribeScope, packet: UnsubscribePacket): readonly number[] {
  return packet.topics.map((text) => {
    const subscription = session.subscriptions.get(text)
    if (subscription === undefined) return reason.noSubscription
    session.subscriptions.delete(text)
    hub.unsubscribe(subscription)
    return reason.success
  })
}
