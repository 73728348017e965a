import { fail } from '@banyan/base'
import { type TopicName, topicFilter } from '@banyan/topics'
import type { Access, Principal } from '../access/access.js'
import type { Hub, Published } from '../hub/hub.js'

/** What serving the topics to a client needs, whatever it speaks. */
export type TopicScope = {
  readonly hub: Hub
  readonly access: Access
  readonly principal: Principal
  readonly payloadBytes: number
}

/** A message as a client of HTTP or WebSocket gives it. */
export type GivenMessage = {
  readonly topic: TopicName
  readonly payload: Uint8Array
  /** Keep it as the last value of its topic. */
  readonly retain: boolean
  readonly contentType: string | undefined
  readonly from: object | undefined
}

/** Error: TopicForbidden. */
export function requireRight(
  { access, principal }: Pick<TopicScope, 'access' | 'principal'>,
  action: 'publish' | 'subscribe',
  name: string,
): void {
  if (name.startsWith('$') && action === 'publish') fail('TopicForbidden', { action, topic: name })
  const verdict = access.can(principal, action, topicFilter(name))
  if (verdict !== 'granted') fail('TopicForbidden', { action, topic: name })
}

/** The caller has looked for the right to. Errors: TopicsFull, RequestLimitExceeded. */
export function publish(
  { hub, payloadBytes }: TopicScope,
  { topic, payload, retain, contentType, from }: GivenMessage,
): Exclude<Published, 'full'> {
  if (payload.length > payloadBytes)
    fail('RequestLimitExceeded', { what: 'the size of a payload in bytes', limit: payloadBytes })
  const properties = contentType === undefined ? undefined : { contentType }
  let outcome: Published = 'full'
  hub.publish(
    { topic, payload, qos: 1, retain, expiresAt: undefined, properties, from, frames: undefined },
    (published) => {
      outcome = published
    },
  )
  return outcome === 'full' ? fail('TopicsFull') : outcome
}
