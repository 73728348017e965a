import {
  type Access,
  createHub,
  createMqtt,
  defaultMqttLimits,
  type Hub,
  type Mqtt,
  type MqttLimits,
} from '@banyan/gateway'
import { Client, type ConnectOptions } from './client.js'

/** A gateway without sockets, whose time only passes when a test says so. */
export type TestGateway = {
  readonly hub: Hub
  readonly mqtt: Mqtt
  readonly access: Access
  /** A connection over which nothing was sent yet. */
  readonly dial: (version?: 4 | 5) => Client
  /** A client that was let in; what it was told at that is not among what it `takes`. */
  readonly open: (clientId: string, options?: ConnectOptions) => Client
  /** Lets time pass, with the ticks that belong to it. */
  readonly advance: (ms: number) => void
  /** Lets time pass without a tick. */
  readonly sleep: (ms: number) => void
}

export type GatewayOptions = {
  readonly limits?: Partial<MqttLimits>
  readonly access?: Partial<Access>
  readonly values?: { readonly messages: number; readonly bytes: number }
}

const everybody: Access = {
  authenticate: (_, done) => done({ name: 'somebody' }),
  can: () => 'granted',
}

export function createGateway({ limits, access, values }: GatewayOptions = {}): TestGateway {
  let now = 1_000_000
  let ids = 0
  const clock = (): number => now
  const hub = createHub({
    nameSpaces: [],
    values: { messages: 1_000, bytes: 1 << 20, removed: 100, ...values },
    clock,
    wallClock: clock,
    epoch: 'test',
  })
  const wholeAccess = { ...everybody, ...access }
  const mqtt = createMqtt({
    hub,
    limits: { ...defaultMqttLimits, ...limits },
    clock,
    newId: () => `assigned-${++ids}`,
    access: wholeAccess,
  })
  const dial = (version: 4 | 5 = 5): Client => new Client(mqtt, version)
  return {
    hub,
    mqtt,
    access: wholeAccess,
    dial,
    open: (clientId, options = {}) => {
      return dial(options.version).connect(clientId, options).letIn()
    },
    advance: (ms) => {
      for (let rest = ms; rest > 0; rest -= 1_000) {
        now += Math.min(rest, 1_000)
        mqtt.tick()
      }
    },
    sleep: (ms) => {
      now += ms
    },
  }
}
