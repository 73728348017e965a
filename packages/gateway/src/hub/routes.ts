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

/** Whose turn it is in a group, whatever the topic, and how many subscriptions it has. */
type Turn = { next: number; subscriptions: number }
type Group = { readonly members: readonly Member[]; readonly turn: Turn }
type Member = { readonly subscriber: Subscriber; readonly deliver: Deliver }

/** Where messages of one topic go. */
type Route = { readonly each: readonly Deliver[]; readonly groups: readonly Group[] }

/** Topics whose routes are remembered. */
const mostRoutes = 20_000

/** Who gets messages of a topic. Routes are worked out once and kept until subscriptions change. */
export class Routes {
  private readonly index = new FilterIndex<Subscription>()
  private readonly known = new Map<string, Route>()
  /** By the names of groups. */
  private readonly turns = new Map<string, Turn>()

  add(subscription: Subscription): void {
    this.index.add(subscription.filter, subscription)
    this.known.clear()
    if (subscription.group === undefined) return
    const name = groupName(subscription)
    const turn = this.turns.get(name) ?? { next: 0, subscriptions: 0 }
    turn.subscriptions++
    this.turns.set(name, turn)
  }

  remove(subscription: Subscription): void {
    this.index.remove(subscription.filter, subscription)
    this.known.clear()
    if (subscription.group === undefined) return
    const name = groupName(subscription)
    const turn = this.turns.get(name)
    if (turn !== undefined && --turn.subscriptions === 0) this.turns.delete(name)
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
    const route = routeFrom(this.index.match(topic), this.turns)
    this.known.set(topic, route)
    return route
  }
}

/** Members of one group share what one filter matches. */
function groupName({ group, filter }: Subscription): string {
  return `${group} ${filter}`
}

function routeFrom(found: readonly Subscription[], turns: ReadonlyMap<string, Turn>): Route {
  const own = new Map<Subscriber, Subscription[]>()
  const groups = new Map<string, Member[]>()
  for (const subscription of found) {
    const { subscriber, group } = subscription
    if (group === undefined) own.set(subscriber, [...(own.get(subscriber) ?? []), subscription])
    else {
      const name = groupName(subscription)
      const member = { subscriber, deliver: subscriber.deliverer([subscription]) }
      groups.set(name, [...(groups.get(name) ?? []), member])
    }
  }
  return {
    each: Array.from(own, ([subscriber, subscriptions]) => subscriber.deliverer(subscriptions)),
    groups: Array.from(groups, ([name, members]) => ({ members, turn: turns.get(name)! })),
  }
}

/** The next member in turn that is here; if none is, the next in turn. */
function chosen(group: Group): Member {
  const { members, turn } = group
  for (let i = 0; i < members.length; i++) {
    const member = members[(turn.next + i) % members.length]!
    if (!member.subscriber.isHere()) continue
    turn.next = (turn.next + i + 1) % members.length
    return member
  }
  return members[turn.next++ % members.length]!
}
