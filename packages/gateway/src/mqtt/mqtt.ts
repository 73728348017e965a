import type { TopicName } from '@banyan/topics'
import type { Access } from '../access/access.js'
import type { Hub } from '../hub/hub.js'
import { MqttConnection } from './connection.js'
import type { MqttLimits } from './limits.js'
import type { Outlet } from './link.js'
import { createNameMemory } from './message-form.js'
import { reason } from './reasons.js'
import { Sessions } from './sessions.js'

export type MqttOptions = {
  readonly hub: Hub
  readonly access: Access
  readonly limits: MqttLimits
  /** Milliseconds, never going back. */
  readonly clock: () => number
  /** An identifier for a client that brings none; nobody can guess it. */
  readonly newId: () => string
}

/** What all connections share. */
export type MqttParts = MqttOptions & {
  readonly sessions: Sessions
  readonly nameOf: (topic: string) => TopicName
  readonly ended: (connection: MqttConnection) => void
}

/** Sessions of MQTT 3.1.1 and 5 over a hub, without sockets: bytes come in, and go to outlets. */
export type Mqtt = {
  readonly connect: (outlet: Outlet) => MqttConnection
  /** To be called about once a second: silent clients, wills, sessions that end. */
  readonly tick: () => void
  /** Tells all clients that the gateway stops. */
  readonly close: () => void
  readonly connections: () => number
  readonly sessions: () => number
}

export function createMqtt(options: MqttOptions): Mqtt {
  const { hub, limits, clock } = options
  const open = new Set<MqttConnection>()
  const sessions = new Sessions(hub, limits, clock)
  const parts: MqttParts = {
    ...options,
    sessions,
    nameOf: createNameMemory(),
    ended: (connection) => open.delete(connection),
  }
  return {
    connect: (outlet) => {
      const connection = new MqttConnection(parts, outlet)
      open.add(connection)
      return connection
    },
    tick: () => {
      for (const connection of open) connection.tick()
      sessions.tick()
    },
    close: () => {
      for (const connection of open) connection.refuse(reason.shutdown)
    },
    connections: () => open.size,
    sessions: () => sessions.size,
  }
}
