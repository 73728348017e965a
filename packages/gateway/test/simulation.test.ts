import { createRandom, type Random, testSeed, tierCount } from '@banyan/testing'
import { matches, mqttFilter } from '@banyan/topics'
import { expect, test } from 'vitest'
import { createGateway, type TestGateway } from './kit/gateway.js'
import { type Sent, WanderingClient } from './kit/wandering-client.js'

const clientCount = 5
const topics = ['t/0', 't/1', 'u/0', 'u']
const someFilters = ['t/0', 't/1', 't/+', 't/#', 'u/#', '+/0', 'u', '+/+']
/** Nobody hears it by another filter than the group's. */
const sharedTopic = 'only/shared/ones'

type Part = {
  readonly client: WanderingClient
  readonly filters: readonly (readonly [string, 0 | 1 | 2])[]
  readonly sent: Sent[]
}

const anyQos = (random: Random): 0 | 1 | 2 => random.below(3) as 0 | 1 | 2

function createPart(gateway: TestGateway, random: Random, i: number): Part {
  const client = new WanderingClient(gateway.mqtt, random, {
    name: `c${i}`,
    version: random.below(3) === 0 ? 4 : 5,
    keepAlive: random.below(2) === 0 ? 0 : 20,
    receiveMaximum: random.below(2) === 0 ? 65_535 : 1 + random.below(5),
    aliases: random.below(4),
  })
  const own = someFilters.flatMap((filter) =>
    random.below(3) === 0 ? [[filter, anyQos(random)] as const] : [],
  )
  const filters = i < 3 ? [...own, [`$share/g/${sharedTopic}`, 2] as const] : own
  return { client, filters, sent: [] }
}

/** Nothing gets lost meanwhile: until all is said and heard. */
function settle(gateway: TestGateway, parts: readonly Part[]): void {
  for (let round = 0; round < 5_000; round++) {
    for (const { client } of parts) {
      if (!client.isConnected) client.connect()
      client.act()
      client.pass(0)
    }
    gateway.advance(1)
    if (parts.every(({ client }) => client.isQuiet)) return
  }
  throw new Error('the clients do not come to rest')
}

/** Random things that happen, one after the other. */
function wander(gateway: TestGateway, random: Random, parts: readonly Part[], steps: number): void {
  for (let step = 0; step < steps; step++) {
    const { client, sent } = parts[random.below(parts.length)]!
    const dice = random.below(1_000)
    if (dice < 8) client.lose()
    else if (dice < 9) gateway.advance(random.below(60_000))
    else if (dice < 20) gateway.advance(random.below(2_000))
    else if (!client.isConnected) client.connect()
    else if (dice < 25) client.subscribe([['noise/+', anyQos(random)]])
    else if (dice < 30) client.unsubscribe('noise/+')
    else if (dice < 32) client.connect()
    else if (dice < 60) client.publish({ topic: 'noise/1', payload: 'noise/1 ', qos: anyQos(random) })
    else if (dice < 160) {
      const topic = random.below(4) === 0 ? sharedTopic : topics[random.below(topics.length)]!
      const message = {
        topic,
        payload: `${topic} ${client.options.name} ${sent.length}`,
        qos: anyQos(random),
      }
      sent.push(message)
      client.publish(message)
    } else if (dice < 500) client.pass(1)
    else client.act()
  }
}

type Bounds = readonly [least: number, most: number]

/** How often a message comes to someone who hears it by a QoS. */
function copiesBy(wanted: number, { qos }: Sent): Bounds {
  const got = Math.min(qos, wanted)
  return [got === 0 ? 0 : 1, got === 2 || (got === 0 && qos !== 1) ? 1 : Infinity]
}

function copiesFor({ filters }: Part, message: Sent): Bounds {
  const matching = filters.filter(
    ([filter]) => !filter.startsWith('$') && matches(mqttFilter(filter).filter, message.topic),
  )
  if (matching.length === 0) return [0, 0]
  return copiesBy(Math.max(...matching.map(([, qos]) => qos)), message)
}

function counts(payloads: readonly string[]): (payload: string) => number {
  const known = new Map<string, number>()
  for (const payload of payloads) known.set(payload, (known.get(payload) ?? 0) + 1)
  return (payload) => known.get(payload) ?? 0
}

function requireCopies(who: string, { payload, qos }: Sent, copies: number, [least, most]: Bounds): void {
  if (copies < least || copies > most)
    throw new Error(`${who} heard "${payload}" of QoS ${qos} ${copies} times`)
}

function checkReceived(parts: readonly Part[]): void {
  const all = parts.flatMap(({ sent }) => sent)
  const ofGroup = counts(parts.flatMap(({ client }) => client.heard))
  for (const message of all)
    if (message.topic === sharedTopic)
      requireCopies('the group', message, ofGroup(message.payload), copiesBy(2, message))
  for (const part of parts) {
    const copies = counts(part.client.heard)
    for (const message of all)
      if (message.topic !== sharedTopic)
        requireCopies(part.client.options.name, message, copies(message.payload), copiesFor(part, message))
  }
}

/** First copies come in the order in which a publisher sent messages of one topic and QoS. */
function checkOrder(parts: readonly Part[]): void {
  for (const { client } of parts) {
    const last = new Map<string, number>()
    for (const payload of new Set(client.heard)) {
      const [topic, publisher, place] = payload.split(' ')
      if (topic === 'noise/1') continue
      const { qos } = parts.find((part) => part.client.options.name === publisher)!.sent[Number(place)]!
      // What is sent again may go to another member than before, who has later ones already.
      if (topic === sharedTopic && qos === 1) continue
      const line = `${topic} ${publisher} ${qos}`
      if (Number(place) <= (last.get(line) ?? -1))
        throw new Error(`${client.options.name} heard "${payload}" after a later one`)
      last.set(line, Number(place))
    }
  }
}

function checkNothingLeft(gateway: TestGateway, parts: readonly Part[]): void {
  for (const { client } of parts) {
    const before = client.heard.length
    client.lose()
    client.connect()
    client.pass(0)
    client.pass(0)
    expect(client.isQuiet, 'nothing was under way').toBe(true)
    expect(client.heard.length).toBe(before)
    client.lose()
    client.connect(true)
    client.pass(0)
    client.disconnect()
  }
  // Connections whose CONNECT never arrived.
  gateway.advance(20_000)
  expect([gateway.mqtt.sessions(), gateway.mqtt.connections()]).toEqual([0, 0])
  const last = gateway.open('last')
  for (const topic of [...topics, sharedTopic, 'noise/1']) last.publish(topic, '', { qos: 1 })
  expect(last.take().every((line) => line.endsWith('0x10'))).toBe(true)
}

const rounds = tierCount({ push: 5, full: 400, fuzz: 100 })

test(`GW-4, GW-7: ${rounds} times five clients whose connections break: QoS 2 comes once, QoS 1 at least once, in order`, () => {
  let heard = 0
  for (let round = 0; round < rounds; round++) {
    const random = createRandom(testSeed(`wandering clients ${round}`))
    const gateway = createGateway({ limits: { receiveMaximum: 4, waitingMessages: 100_000 } })
    const parts = Array.from({ length: clientCount }, (_, i) => createPart(gateway, random, i))
    for (const { client, filters } of parts) {
      client.connect()
      if (filters.length > 0) client.subscribe(filters)
    }
    settle(gateway, parts)
    wander(gateway, random, parts, 3_000)
    settle(gateway, parts)
    checkReceived(parts)
    checkOrder(parts)
    checkNothingLeft(gateway, parts)
    heard += parts.reduce((sum, { client }) => sum + client.heard.length, 0)
  }
  // The test would be worth nothing if little were said.
  expect(heard).toBeGreaterThan(rounds * 300)
})
