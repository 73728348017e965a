import { FilterIndex, type TopicFilter, type TopicName } from '@banyan/topics'
import type { Message } from './message.js'

export type Deliver = (message: Message) => void

export type Subscriber = {
  /**
   * How to deliver what all of these match, which is done once for each message. Called again whenever anything was
   * subscribed or unsubscribed since.
   */
  readonly deliverer: (subscriptions: readonly Subscription[]) => Deliver
  /** Whether it takes messages at once; members of a group that do are preferred. */
  readonly isHere: () => boolean
}

export type Subscription = {
  readonly filter: TopicFilter
  readonly subscriber: Subscriber
  /** Members of a group share the messages out: each goes to one of them. */
  readonly group: string | undefined
}

type Group = { readonly members: readonly Member[]; turn: number }
type Member = { readonly subscriber: Subscriber; readonly deliver: Deliver }

/** Where messages of one topic go. */
type Route = { readonly each: readonly Deliver[]; readonly groups: readonly Group[] }

/** Topics whose routes are remembered. */
const mostRoutes = 20_000

/** Who gets messages of a topic. Routes are worked out once and kept until subscriptions change. */
export class Routes {
  private readonly index = new FilterIndex<Subscription>()
  private readonly known = new Map<string, Route>()

  add(subscription: Subscription): void {
    this.index.add(subscription.filter, subscription)
    this.known.clear()
  }

  remove(subscription: Subscription): void {
    this.index.remove(subscription.filter, subscription)
    this.known.clear()
  }

  /** Delivers a message; returns how many receivers it has. */
  deliver(message: Message): number {
    const { each, groups } = this.routeOf(message.topic)
    for (const deliver of each) deliver(message)
    for (const group of groups) chosen(group).deliver(message)
    return each.length + groups.length
  }

  private routeOf(topic: TopicName): Route {
    const known = this.known.get(topic)
    if (known !== undefined) return known
    if (this.known.size >= mostRoutes) this.known.clear()
    const route = routeFrom(this.index.match(topic))
    this.known.set(topic, route)
    return route
  }
}

function routeFrom(found: readonly Subscription[]): Route {
  const own = new Map<Subscriber, Subscription[]>()
  const groups = new Map<string, Member[]>()
  for (const subscription of found) {
    const { subscriber, group, filter } = subscription
    if (group === undefined) own.set(subscriber, [...(own.get(subscriber) ?? []), subscription])
    else {
      const name = `${group}/${filter}`
      const member = { subscriber, deliver: subscriber.deliverer([subscription]) }
      groups.set(name, [...(groups.get(name) ?? []), member])
    }
  }
  return {
    each: Array.from(own, ([subscriber, subscriptions]) => subscriber.deliverer(subscriptions)),
    groups: Array.from(groups.values(), (members) => ({ members, turn: 0 })),
  }
}

/** The next member in turn that is here; if none is, the next in turn. */
function chosen(group: Group): Member {
  const { members } = group
  for (let i = 0; i < members.length; i++) {
    const member = members[(group.turn + i) % members.length]!
    if (!member.subscriber.isHere()) continue
    group.turn += i + 1
    return member
  }
  return members[group.turn++ % members.length]!
}
