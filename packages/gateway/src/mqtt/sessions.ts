import type { Hub } from '../hub/hub.js'
import type { MqttLimits } from './limits.js'
import { expiryOf } from './message-form.js'
import { createSession, type Session } from './session.js'

/** What the gateway keeps of its clients by their identifiers, with the ends of what nobody came back for. */
export class Sessions {
  private readonly hub: Hub
  private readonly limits: MqttLimits
  private readonly clock: () => number
  private readonly byClient = new Map<string, Session>()
  /** Sessions without a connection: the ones that time can end. */
  private readonly away = new Set<Session>()

  constructor(hub: Hub, limits: MqttLimits, clock: () => number) {
    this.hub = hub
    this.limits = limits
    this.clock = clock
  }

  get size(): number {
    return this.byClient.size
  }

  /**
   * The session that a new connection goes on with. One that the client is connected by is ended first. Undefined if there is
   * no room for another session.
   */
  take(
    clientId: string,
    isClean: boolean,
  ): { readonly session: Session; readonly isPresent: boolean } | undefined {
    this.byClient.get(clientId)?.disconnect?.()
    let session = this.byClient.get(clientId)
    if (session !== undefined && (isClean || this.isOver(session))) {
      this.end(session)
      session = undefined
    }
    if (session !== undefined) {
      this.away.delete(session)
      session.expiresAt = undefined
      session.will = undefined
      return { session, isPresent: true }
    }
    if (this.byClient.size >= this.limits.sessions) return undefined
    session = createSession(clientId, this.limits, this.clock)
    this.byClient.set(clientId, session)
    return { session, isPresent: false }
  }

  /** The connection of a session has ended. */
  leave(session: Session): void {
    session.disconnect = undefined
    session.outgoing.detach()
    this.publishDueWill(session)
    if (session.expiryMs === 0 || this.isOver(session)) this.end(session)
    else {
      session.expiresAt = this.clock() + session.expiryMs
      this.away.add(session)
    }
  }

  /** Publishes wills and ends sessions whose time has come. */
  tick(): void {
    for (const session of this.away) {
      this.publishDueWill(session)
      if (this.isOver(session)) this.end(session)
    }
  }

  /** A session that lost messages of a log or a state is over: its client begins a new one, and so hears that there is a gap. */
  private isOver({ expiresAt, outgoing }: Session): boolean {
    return outgoing.hasGap || (expiresAt !== undefined && expiresAt <= this.clock())
  }

  /** Forgets a session. Its will is published now at the latest [MQTT-3.1.3-9]. */
  private end(session: Session): void {
    for (const subscription of session.subscriptions.values()) this.hub.unsubscribe(subscription)
    this.byClient.delete(session.clientId)
    this.away.delete(session)
    this.publishWill(session)
  }

  private publishDueWill(session: Session): void {
    if (session.will !== undefined && session.will.at <= this.clock()) this.publishWill(session)
  }

  private publishWill(session: Session): void {
    const { will } = session
    session.will = undefined
    if (will !== undefined)
      this.hub.publish({ ...will.message, expiresAt: expiryOf(will.properties, this.clock()) })
  }
}
