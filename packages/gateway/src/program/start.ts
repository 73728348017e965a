import { randomBytes, randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { hostInUrl } from '@banyan/http-api/server'
import { answerProbe } from '@banyan/program'
import type { Running } from '@banyan/program/run'
import { createHub } from '../hub/hub.js'
import { defaultMqttLimits } from '../mqtt/limits.js'
import { createMqtt } from '../mqtt/mqtt.js'
import { createGatewayServer } from '../server/gateway-server.js'
import { readAccess, readNameSpaces, requireCover } from './files.js'
import type { RunOptions } from './options.js'
import { openTls } from './tls.js'

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string
}

/** Removals of values that followers can still hear of. */
const rememberedRemovals = 10_000
/** What a packet of MQTT has besides its payload at most: topic, properties. */
const packetOverhead = 1 << 17

/** Starts a gateway as its options say. Errors: those of its files, GatewayExposed, ApiUnreachable. */
export async function startGateway(
  options: RunOptions,
  log: { readonly error: (fields: object, message: string) => void },
): Promise<Running> {
  requireCover(options)
  const access = readAccess(options)
  const tls = await openTls(options)
  const clock = (): number => performance.now()
  const hub = createHub({
    nameSpaces: readNameSpaces(options),
    values: { messages: options.values, bytes: options.valueBytes, removed: rememberedRemovals },
    clock,
    wallClock: Date.now,
    epoch: randomBytes(6).toString('hex'),
  })
  const limits = { ...defaultMqttLimits, packetBytes: options.payloadBytes + packetOverhead }
  const mqtt = createMqtt({ hub, access, limits, clock, newId: randomUUID })
  let isDraining = false
  const server = createGatewayServer({
    hub,
    mqtt,
    access,
    pages: { hosts: options.names, origins: options.origins },
    payloadBytes: options.payloadBytes,
    connections: options.connections,
    tls: tls?.current,
    mount: (path, response) => answerProbe(path, response, { isReady: () => !isDraining }),
    onDefect: (error) => log.error({ error }, 'a request met a defect'),
  })
  const port = await server.listen(options.port, options.host)
  const stopRenewing = tls?.renew(server.changeCertificate, (error) =>
    log.error({ error }, 'a certificate could not be renewed'),
  )
  const place = `${hostInUrl(options.host)}:${port}`
  return {
    ready: {
      mqtt: `${tls === undefined ? 'mqtt' : 'mqtts'}://${place}`,
      http: `${tls === undefined ? 'http' : 'https'}://${place}`,
      open: options.access === undefined,
      ...(tls?.identity && { authority: tls.identity.authorityFile, fingerprint: tls.identity.fingerprint }),
      version,
      pid: process.pid,
    },
    drain: async () => {
      isDraining = true
    },
    stop: () => {
      stopRenewing?.()
      return server.close()
    },
  }
}
