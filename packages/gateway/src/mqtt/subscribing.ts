import { BanyanError } from '@banyan/base'
import { type MqttFilter, mqttFilter } from '@banyan/topics'
import type { Access, Principal } from '../access/access.js'
import type { Hub } from '../hub/hub.js'
import type { MqttLimits } from './limits.js'
import type { AskedSubscription, SubscribePacket, UnsubscribePacket } from './packets.js'
import type { Version } from './publish.js'
import { reason, refusePacket } from './reasons.js'
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

/** Codes for a SUBACK, and what sends the last values that the subscriptions ask for once that is sent. */
export type Subscribed = { readonly codes: readonly number[]; readonly sendRetained: () => void }

/** Error: MqttRefused. */
export function subscribe(scope: SubscribeScope, packet: SubscribePacket): Subscribed {
  const id = packet.properties.subscriptionId
  if (id === 0) refusePacket(reason.protocolError, 'a subscription identifier is 0')
  const senders: (() => void)[] = []
  const codes = packet.subscriptions.map((asked) => {
    const { code, sendRetained } = subscribeOne(scope, asked, id)
    if (sendRetained !== undefined) senders.push(sendRetained)
    // 3.1.1 knows one code for all that fails.
    return scope.version === 4 && code > reason.unspecified ? reason.unspecified : code
  })
  return {
    codes,
    sendRetained: () => {
      for (const send of senders) send()
    },
  }
}

function subscribeOne(
  scope: SubscribeScope,
  asked: AskedSubscription,
  id: number | undefined,
): { readonly code: number; readonly sendRetained?: () => void } {
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
  if (before !== undefined) hub.unsubscribe(before)
  const subscription = sessionSubscription(session, filter, group, {
    qos: asked.qos,
    id,
    noLocal: asked.noLocal,
    retainAsPublished: asked.retainAsPublished,
  })
  session.subscriptions.set(asked.topic, subscription)
  hub.subscribe(subscription)
  const handling = asked.retainHandling
  const isWanted = group === undefined && (handling === 0 || (handling === 1 && before === undefined))
  return { code: asked.qos, ...(isWanted && { sendRetained: () => sendRetained(scope, subscription) }) }
}

function sendRetained(
  { hub, session }: SubscribeScope,
  { filter, qos, id, noLocal }: SessionSubscription,
): void {
  for (const message of hub.retained(filter)) {
    if (noLocal && message.from === session) continue
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
