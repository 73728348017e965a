import { randomUUID } from 'node:crypto'
import {
  type Access,
  createHub,
  createMqtt,
  defaultMqttLimits,
  type Hub,
  type MqttLimits,
  type NameSpace,
} from '@banyan/gateway'
import { createGatewayServer } from '@banyan/gateway/server'
import { topicFilter } from '@banyan/topics'
import { onTestFinished } from 'vitest'

export type LiveOptions = {
  readonly access?: Access
  readonly spaces?: readonly NameSpace[]
  readonly tls?: { readonly certificate: string; readonly privateKey: string }
  readonly limits?: Partial<MqttLimits>
  readonly values?: { readonly messages: number; readonly bytes: number; readonly removed: number }
  readonly payloadBytes?: number
  readonly connections?: number
  readonly origins?: readonly string[]
}

export type Live = {
  readonly port: number
  readonly http: string
  readonly hub: Hub
  readonly defects: readonly unknown[]
  readonly stop: () => Promise<void>
}

export const epoch = 'testepoch'

/** Topics under `log/` are logs, under `state/` states. */
export const classes: readonly NameSpace[] = [
  {
    filter: topicFilter('log/#'),
    class: 'log',
    retention: { messages: 1_000, bytes: 1 << 26, ageMs: 3_600_000 },
  },
  { filter: topicFilter('state/#'), class: 'state' },
]

export const everybody: Access = {
  authenticate: (_, done) => done({ name: 'somebody' }),
  can: () => 'granted',
}

/** A gateway on a free port, stopped at the end of the test. */
export async function startLive(options: LiveOptions = {}): Promise<Live> {
  const { access = everybody } = options
  const clock = (): number => performance.now()
  const hub = createHub({
    nameSpaces: options.spaces ?? classes,
    values: options.values ?? { messages: 1_000, bytes: 1 << 26, removed: 100 },
    clock,
    wallClock: Date.now,
    epoch,
  })
  const limits = { ...defaultMqttLimits, ...options.limits }
  const mqtt = createMqtt({ hub, access, limits, clock, newId: randomUUID })
  const defects: unknown[] = []
  const server = createGatewayServer({
    hub,
    mqtt,
    access,
    pages: { hosts: ['gateway.example'], origins: options.origins ?? [] },
    payloadBytes: options.payloadBytes ?? 1 << 20,
    connections: options.connections ?? 1_000,
    tls: options.tls,
    mount: (path, response) => {
      if (path !== '/health') return false
      response.end('well')
      return true
    },
    onDefect: (error) => defects.push(error),
  })
  const port = await server.listen(0, '127.0.0.1')
  let stopped: Promise<void> | undefined
  const stop = (): Promise<void> => {
    stopped ??= server.close()
    return stopped
  }
  onTestFinished(stop)
  const scheme = options.tls === undefined ? 'http' : 'https'
  return { port, http: `${scheme}://127.0.0.1:${port}`, hub, defects, stop }
}
