// Eclipse Paho's tests of MQTT brokers against a gateway of ours: `npm run conformance -- mqtt <folder of the suite>`. The
// folder is `interoperability` of github.com/eclipse-paho/paho.mqtt.testing, which the user brings; so is Python 3.
import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { prepare } from './prepare.mjs'
import { runNode } from './process.mjs'

/** The topic to which the suites expect that nobody may subscribe. */
const barred = 'test/nosubscribe'

/** Suites by the names of their modules, the one for 3.1.1 first. */
const suites = ['client_test', 'client_test5']

const [protocol, given] = process.argv.slice(2)
const folder = resolve(given ?? '.')
if (
  protocol !== 'mqtt' ||
  given === undefined ||
  !suites.every((name) => existsSync(join(folder, `${name}.py`)))
) {
  console.error('npm run conformance -- mqtt <folder with client_test.py and client_test5.py>')
  process.exit(2)
}

const access = {
  authenticate: (_, done) => done({ name: 'suite' }),
  can: (_, action, name) => (action === 'subscribe' && name === barred ? 'unexplained' : 'granted'),
}

/** A gateway in this process. */
async function startGateway() {
  const { createHub, createMqtt, defaultMqttLimits } = await import('../packages/gateway/dist/index.js')
  const { createGatewayServer } = await import('../packages/gateway/dist/server/index.js')
  const clock = () => performance.now()
  const hub = createHub({
    nameSpaces: [],
    values: { messages: 100_000, bytes: 1 << 28, removed: 100 },
    clock,
    wallClock: Date.now,
    epoch: 'suite',
  })
  const server = createGatewayServer({
    hub,
    mqtt: createMqtt({ hub, access, limits: defaultMqttLimits, clock, newId: randomUUID }),
    access,
    pages: { hosts: [], origins: [] },
    payloadBytes: defaultMqttLimits.packetBytes,
    connections: 1_000,
    tls: undefined,
    mount: () => false,
    onDefect: (error) => console.error(error),
  })
  return { server, port: await server.listen(0, 'localhost') }
}

/** One after the other, because they use the same client identifiers. Each gets a gateway of its own. */
async function runSuite(name) {
  const { server, port } = await startGateway()
  const args = ['scripts/mqtt-conformance.py', folder, name, String(port)]
  try {
    return (await runNode(args, { binary: 'python3', limitMs: 900_000 })).code
  } finally {
    await server.close()
  }
}

await prepare()
try {
  for (const name of suites) process.exitCode ||= await runSuite(name)
} catch (error) {
  if (error.code !== 'ENOENT') throw error
  console.error('The suite needs Python 3, and there is no python3 here.')
  process.exitCode = 2
}
