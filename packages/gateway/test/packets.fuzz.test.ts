import { createRandom, type Random, runSeed, testSeed, tierCount } from '@banyan/testing'
import { generate, type Packet } from 'mqtt-packet'
import { expect, test } from 'vitest'
import type { Client } from './kit/client.js'
import { createGateway, type TestGateway } from './kit/gateway.js'

/** Packets of every type, some of them no client's. */
const packets: readonly Packet[] = [
  {
    cmd: 'connect',
    protocolId: 'MQTT',
    protocolVersion: 4,
    clientId: 'fuzzed',
    keepalive: 10,
    username: 'u',
    password: Buffer.from('p'),
  },
  {
    cmd: 'connect',
    protocolId: 'MQTT',
    protocolVersion: 5,
    clientId: 'fuzzed',
    clean: false,
    properties: {
      sessionExpiryInterval: 9,
      receiveMaximum: 3,
      topicAliasMaximum: 2,
      userProperties: { a: 'b' },
    },
    will: {
      topic: 'w',
      payload: Buffer.from('gone'),
      qos: 2,
      retain: true,
      properties: { willDelayInterval: 3, contentType: 'x' },
    },
  },
  {
    cmd: 'publish',
    topic: 'fuzzed/a',
    payload: 'x',
    qos: 0,
    dup: false,
    retain: true,
    properties: { topicAlias: 1, userProperties: { k: ['v', 'w'] } },
  },
  {
    cmd: 'publish',
    topic: 'fuzzed/b',
    payload: 'y',
    qos: 1,
    dup: false,
    retain: false,
    messageId: 3,
    properties: { messageExpiryInterval: 5, responseTopic: 'r' },
  },
  {
    cmd: 'publish',
    topic: 'fuzzed/c',
    payload: '',
    qos: 2,
    dup: true,
    retain: false,
    messageId: 4,
    properties: { correlationData: Buffer.from('c') },
  },
  { cmd: 'puback', messageId: 1, reasonCode: 0x10 },
  { cmd: 'pubrec', messageId: 1, reasonCode: 0, properties: { reasonString: 'why' } },
  { cmd: 'pubrel', messageId: 4, reasonCode: 0x92 },
  { cmd: 'pubcomp', messageId: 1 },
  {
    cmd: 'subscribe',
    messageId: 7,
    subscriptions: [
      { topic: 'fuzzed/#', qos: 2, nl: true, rap: true, rh: 1 },
      { topic: '$share/g/fuzzed/+', qos: 1, nl: false, rap: false, rh: 0 },
    ],
    properties: { subscriptionIdentifier: 300 },
  },
  { cmd: 'unsubscribe', messageId: 8, unsubscriptions: ['fuzzed/#', 'other'] },
  { cmd: 'pingreq' },
  { cmd: 'disconnect', reasonCode: 4, properties: { sessionExpiryInterval: 2, reasonString: 'bye' } },
  { cmd: 'connack', reasonCode: 0, returnCode: 0, sessionPresent: false },
  { cmd: 'suback', messageId: 7, granted: [0] },
  { cmd: 'pingresp' },
]

/** Bytes at which decoders branch: types, lengths, ids of properties, sign bits. */
const interesting = [
  0, 1, 2, 3, 4, 8, 9, 11, 17, 31, 33, 34, 35, 38, 39, 0x10, 0x30, 0x3d, 0x62, 0x7f, 0x80, 0x82, 0xe0, 0xf0,
  0xff,
]

function mutate(bytes: Buffer, random: Random): Buffer {
  const at = random.below(bytes.length)
  switch (random.below(7)) {
    case 0:
      bytes[at] = random.below(256)
      return bytes
    case 1:
      bytes[at] = interesting[random.below(interesting.length)]!
      return bytes
    case 2:
      bytes[at]! ^= 1 << random.below(8)
      return bytes
    // Structure sits at the front: type, flags, length.
    case 3:
      bytes[random.below(Math.min(3, bytes.length))] = random.below(256)
      return bytes
    case 4:
      return bytes.subarray(0, at + 1)
    case 5:
      return Buffer.concat([bytes.subarray(0, at), random.bytes(1 + random.below(8)), bytes.subarray(at)])
    default:
      return withLength(Buffer.concat([bytes.subarray(0, at), bytes.subarray(random.below(bytes.length))]))
  }
}

/** Makes the length of a short packet right, so that what is wrong with it is found behind. */
function withLength(bytes: Buffer): Buffer {
  if (bytes.length >= 2 && bytes.length < 129) bytes[1] = bytes.length - 2
  return bytes
}

/** AUTH, which the library makes for 5 alone. */
const auth = Buffer.from('f00618041500016d', 'hex')

function anyPacket(random: Random, version: 4 | 5): Buffer {
  const packet = packets[random.below(packets.length + 1)]
  return packet === undefined ? Buffer.from(auth) : generate(packet, { protocolVersion: version })
}

function anyBytes(random: Random, version: 4 | 5): Buffer {
  const parts = Array.from({ length: 1 + random.below(3) }, () => {
    let bytes = anyPacket(random, version)
    for (let i = random.below(4); i > 0; i--) bytes = mutate(bytes, random)
    return random.below(3) === 0 ? withLength(bytes) : bytes
  })
  return Buffer.concat(parts)
}

/** What the client's connection has been through before. */
const states: readonly ((gateway: TestGateway, version: 4 | 5) => Client)[] = [
  (gateway, version) => gateway.dial(version),
  (gateway, version) => gateway.open('fuzzed', { version }),
  (gateway, version) => gateway.open('fuzzed', { version }).hear('fuzzed/#', { qos: 2 }),
  (gateway, version) => {
    const client = gateway.open('fuzzed', { version, clean: false }).hear('given', { qos: 2 })
    gateway.open('giver').publish('given', 'x', { qos: 1 }).publish('given', 'y', { qos: 2 }).disconnect()
    return client.publish('fuzzed/d', 'z', { qos: 2, id: 4 })
  },
]

const rounds = tierCount({ push: 1_500, full: 200_000, fuzz: 40_000 })

test(`GW-4, GW-8: ${rounds} mutated streams of packets harm nobody but their own connection`, () => {
  const random = createRandom(testSeed('mutated packets'))
  const gateway = createGateway({ limits: { sessions: 20, packetBytes: 4_096 } })
  const witness = gateway.open('witness', { version: 4 }).hear('witness')
  for (let round = 0; round < rounds; round++) {
    const version = random.below(2) === 0 ? 4 : 5
    const state = random.below(states.length)
    const client = states[state]!(gateway, version)
    const bytes = anyBytes(random, version)
    try {
      const cut = random.below(bytes.length)
      client.raw(bytes.subarray(0, cut)).raw(bytes.subarray(cut))
      // A connection that has not begun may have become one of the other version.
      if (state > 0) client.packets()
      gateway.advance(random.below(3) * 1_000)
      client.lose()
    } catch (error) {
      const where = `seed ${runSeed()}, round ${round}, version ${version}, state ${state}`
      throw new Error(`${where}: ${bytes.toString('hex')}`, { cause: error })
    }
    if (witness.publish('witness', `${round}`).take().join() !== `PUBLISH witness=${round} q0`)
      throw new Error(`round ${round}, seed ${runSeed()}: another client was harmed`)
  }
  gateway.advance(30_000)
  expect(gateway.mqtt.connections()).toBe(1)
  expect(gateway.mqtt.sessions()).toBeLessThanOrEqual(20)
})
