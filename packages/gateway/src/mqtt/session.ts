import type { TopicFilter } from '@banyan/topics'
import type { NewMessage, Qos } from '../hub/message.js'
import type { Deliver, Subscriber, Subscription } from '../hub/routes.js'
import { Outgoing, type OutgoingLimits } from './outgoing.js'
import type { PublishProperties } from './publish-properties.js'

/** A subscription of a session: what the hub needs, and what its client asked for. */
export type SessionSubscription = Subscription & {
  readonly qos: Qos
  readonly id: number | undefined
  readonly noLocal: boolean
  readonly retainAsPublished: boolean
}

/** What is published for a client that went away without a word. */
export type Will = {
  readonly message: NewMessage
  readonly delayMs: number
  /** Says how long the message is valid, from when it is published. */
  readonly properties: PublishProperties
}

/** What the gateway keeps of a client, while it is connected and for as long as it asked afterwards. */
export type Session = {
  readonly clientId: string
  /** Stands for it in messages, which may be kept longer than it is. */
  readonly publisher: object
  readonly outgoing: Outgoing
  readonly subscriber: Subscriber
  /** By the text of their filters, as the client wrote them. */
  readonly subscriptions: Map<string, SessionSubscription>
  /** Messages of QoS 2 that the client sent and has not released. */
  readonly unreleased: Set<number>
  /** Ends its connection, if there is one. */
  disconnect: (() => void) | undefined
  /** How long it is kept after its connection, ms. */
  expiryMs: number
  /** When it ends if its client does not come back. */
  expiresAt: number | undefined
  /** When its will is published if its client does not come back. */
  will: (Will & { readonly at: number }) | undefined
}

export function createSession(clientId: string, limits: OutgoingLimits, clock: () => number): Session {
  const outgoing = new Outgoing(limits, clock)
  const session: Session = {
    clientId,
    publisher: {},
    outgoing,
    subscriber: {
      deliverer: (subscriptions) => delivererOf(session, subscriptions as readonly SessionSubscription[]),
      isHere: () => session.disconnect !== undefined,
    },
    subscriptions: new Map(),
    unreleased: new Set(),
    disconnect: undefined,
    expiryMs: 0,
    expiresAt: undefined,
    will: undefined,
  }
  return session
}

/** A message that several subscriptions match comes once, by the highest QoS and with all their identifiers. */
function delivererOf(session: Session, subscriptions: readonly SessionSubscription[]): Deliver {
  const forOthers = merged(subscriptions)
  const forOwn = merged(subscriptions.filter(({ noLocal }) => !noLocal))
  const { outgoing } = session
  return (message) => {
    const way = message.from === session.publisher ? forOwn : forOthers
    if (way === undefined) return
    const qos = Math.min(message.qos, way.qos) as Qos
    const retain = message.retain && way.retainAsPublished
    if (qos === 0 && !retain && way.ids.length === 0) {
      outgoing.pass(message)
      return
    }
    outgoing.deliver({ message, qos, retain, subscriptionIds: way.ids })
  }
}

type Way = { readonly qos: Qos; readonly ids: readonly number[]; readonly retainAsPublished: boolean }

function merged(subscriptions: readonly SessionSubscription[]): Way | undefined {
  if (subscriptions.length === 0) return undefined
  return {
    qos: Math.max(...subscriptions.map(({ qos }) => qos)) as Qos,
    ids: subscriptions.flatMap(({ id }) => (id === undefined ? [] : [id])),
    retainAsPublished: subscriptions.some(({ retainAsPublished }) => retainAsPublished),
  }
}

/** What a client says in SUBSCRIBE of one filter. */
export type SubscriptionTerms = Pick<SessionSubscription, 'qos' | 'id' | 'noLocal' | 'retainAsPublished'>

export function sessionSubscription(
  session: Session,
  filter: TopicFilter,
  group: string | undefined,
  terms: SubscriptionTerms,
): SessionSubscription {
  return { filter, group, subscriber: session.subscriber, ...terms }
}
