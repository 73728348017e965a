import { createHub, type Hub, type Message, type NameSpace, type NewMessage } from '@banyan/gateway'
import { createRandom, type Random, testSeed } from '@banyan/testing'
import { matches, type TopicName, topicFilter, topicName } from '@banyan/topics'
import { expect, test } from 'vitest'

const epoch = 'e1'
const retention = { messages: 20, bytes: 400, ageMs: 5_000 }
const spaces: readonly NameSpace[] = [
  { filter: topicFilter('log/a/#'), class: 'log', retention },
  { filter: topicFilter('log/b/#'), class: 'log', retention: { ...retention, messages: 5 } },
  { filter: topicFilter('state/#'), class: 'state' },
]
const topics = ['log/a/1', 'log/a/2', 'log/b/1', 'state/1', 'state/2', 'state/x/1', 'event/1'].map(topicName)
const filters = ['#', 'log/#', 'log/a/+', 'log/b/1', 'state/#', 'state/1', '+/x/1', 'event/#'].map(
  topicFilter,
)

type World = {
  readonly hub: Hub
  time: number
  /** Everything that was published and has a position. */
  readonly all: Message[]
}

function createWorld(removed = 4): World {
  const world: World = {
    time: 1_000,
    all: [],
    hub: createHub({
      nameSpaces: spaces,
      values: { messages: 100, bytes: 10_000, removed },
      clock: () => world.time,
      wallClock: () => world.time,
      epoch,
    }),
  }
  world.hub.subscribe({
    filter: topicFilter('#'),
    group: undefined,
    subscriber: {
      isHere: () => true,
      deliverer: () => (message) => {
        if (message.seq !== undefined) world.all.push(message)
      },
    },
  })
  return world
}

function messageOf(topic: TopicName, size: number, retain = false): NewMessage {
  const payload = new Uint8Array(size)
  return {
    topic,
    payload,
    qos: 1,
    retain,
    expiresAt: undefined,
    properties: undefined,
    from: undefined,
    frames: undefined,
  }
}

function publishAny({ hub }: World, random: Random): void {
  const topic = topics[random.below(topics.length)]!
  hub.publish(messageOf(topic, random.below(4) === 0 ? 0 : random.below(60), random.below(6) === 0))
}

/** Messages of one log that its retention leaves at a time. */
function keptOfLog(world: World, space: NameSpace): readonly Message[] {
  if (space.class !== 'log') return []
  const own = world.all.filter(({ topic }) => matches(space.filter, topic))
  for (let first = 0; ; first++) {
    const left = own.slice(first)
    const bytes = left.reduce((sum, { payload }) => sum + payload.length, 0)
    const { messages, bytes: mostBytes, ageMs } = space.retention
    const isOld = left.length > 0 && world.time - left[0]!.time > ageMs
    if (left.length <= messages && bytes <= mostBytes && !isOld) return left
  }
}

/** The last message that set or removed a value, by topic. */
function lastValues({ all }: World): readonly Message[] {
  const last = new Map<string, Message>()
  for (const message of all)
    if (message.retain || message.topic.startsWith('state/')) last.set(message.topic, message)
  return [...last.values()]
}

/** What a history has, by the plain rules: of each log what its retention leaves, and last values. */
function kept(world: World): readonly Message[] {
  const logs = spaces.flatMap((space) => keptOfLog(world, space))
  const values = lastValues(world).filter(({ payload }) => payload.length > 0)
  return [...new Set([...logs, ...values])].sort((a, b) => a.seq! - b.seq!)
}

const seqs = (messages: readonly Message[]): readonly number[] => messages.map(({ seq }) => seq!)

test('GW-3: the history from its beginning is what the retention of logs leaves, and last values', () => {
  const random = createRandom(testSeed('hub history'))
  for (let run = 0; run < 8; run++) {
    const world = createWorld()
    for (let i = 0; i < 120; i++) {
      publishAny(world, random)
      if (random.below(10) === 0) world.time += random.below(2_000)
    }
    for (const filter of filters) {
      const wanted = kept(world).filter(({ topic }) => matches(filter, topic))
      const page = world.hub.history(filter, undefined, 1_000)
      expect(seqs(page.messages)).toEqual(seqs(wanted))
      expect(page).toMatchObject({ isEnd: true, isReset: false, after: world.hub.end() })
    }
  }
})

test('GW-3: pages of any size make up the same history, while things are forgotten too', () => {
  const random = createRandom(testSeed('hub pages'))
  for (let run = 0; run < 20; run++) {
    const world = createWorld()
    for (let i = 0; i < 100; i++) publishAny(world, random)
    const filter = filters[random.below(filters.length)]!
    const limit = 1 + random.below(8)
    const wanted = kept(world).filter(({ topic }) => matches(filter, topic))
    const found: Message[] = []
    let page = world.hub.history(filter, undefined, limit)
    for (;;) {
      expect(page.isReset).toBe(false)
      expect(page.messages.length).toBeLessThanOrEqual(limit)
      found.push(
        ...page.messages.filter(({ payload, topic }) => payload.length > 0 || topic.startsWith('log/')),
      )
      if (page.isEnd) break
      page = world.hub.history(filter, page.after, limit)
    }
    expect(seqs(found).filter((seq) => seqs(wanted).includes(seq))).toEqual(seqs(wanted))
  }
})

test('GW-3: what came after any position is told once, or a reset says that something of it is gone', () => {
  const random = createRandom(testSeed('hub resume'))
  let resets = 0
  for (let run = 0; run < 9; run++) {
    const world = createWorld()
    for (let i = 0; i < 80; i++) publishAny(world, random)
    const logs = spaces.map((space) => ({ space, kept: keptOfLog(world, space) }))
    const gone = world.all.filter(
      (message) => message.payload.length === 0 && (message.retain || message.topic.startsWith('state/')),
    )
    for (let seq = 0; seq <= world.all.length; seq++) {
      const filter = filters[random.below(filters.length)]!
      const page = world.hub.history(filter, { epoch, seq }, 1_000)
      const meets = (space: NameSpace): boolean =>
        !(filter.startsWith('state') || filter === 'event/#') &&
        (filter === '#' || space.filter.startsWith(filter.replace(/[+#1]+$/, '')))
      const hasLost = logs.some(
        ({ space, kept }) =>
          space.class === 'log' &&
          meets(space) &&
          world.all.some(
            (message) =>
              message.seq! > seq && matches(space.filter, message.topic) && !kept.includes(message),
          ),
      )
      if (hasLost) expect(page.isReset).toBe(true)
      // The hub remembers at least the last four removals.
      const mayForget = gone.filter((message) => message.seq! > seq).length > 4
      if (!hasLost && !mayForget) expect(page.isReset).toBe(false)
      if (page.isReset) {
        resets++
        continue
      }
      const values = lastValues(world)
      const wanted = [...new Set([...logs.flatMap((log) => log.kept), ...values])]
        .filter((message) => message.seq! > seq && matches(filter, message.topic))
        .sort((a, b) => a.seq! - b.seq!)
      expect(seqs(page.messages)).toEqual(seqs(wanted))
    }
  }
  expect(resets).toBeGreaterThan(10)
})

test('GW-3: positions of another epoch, and positions that were not reached, are answered with a reset', () => {
  const world = createWorld()
  world.hub.publish(messageOf(topicName('log/a/1'), 3))
  for (const since of [
    { epoch: 'e2', seq: 1 },
    { epoch, seq: 2 },
  ]) {
    const page = world.hub.history(topicFilter('#'), since, 10)
    expect(page).toMatchObject({ isReset: true, isEnd: true, after: { epoch, seq: 1 } })
    expect(seqs(page.messages)).toEqual([1])
  }
})

test('GW-3: a log forgets by age without a new message, and readers who knew what is gone need no reset', () => {
  const world = createWorld()
  for (let i = 0; i < 3; i++) world.hub.publish(messageOf(topicName('log/a/1'), 3))
  const known = world.hub.end()
  world.time += retention.ageMs + 1
  expect(world.hub.history(topicFilter('#'), undefined, 10).messages).toEqual([])
  expect(world.hub.history(topicFilter('#'), known, 10).isReset).toBe(false)
  expect(world.hub.history(topicFilter('#'), { epoch, seq: 2 }, 10).isReset).toBe(true)
})

test('GW-3: a reader in the middle of the beginning is reset if what it had not read yet is forgotten', () => {
  const world = createWorld()
  for (let i = 0; i < 18; i++) world.hub.publish(messageOf(topicName('log/a/1'), 1))
  const filter = topicFilter('#')
  const { after } = world.hub.history(filter, undefined, 5)
  expect(after).toMatchObject({ seq: 5, from: 0 })
  for (let i = 0; i < 6; i++) world.hub.publish(messageOf(topicName('log/b/1'), 1))
  expect(world.hub.history(filter, after, 5).isReset).toBe(true)
})

test('GW-3: one page has a bounded size, and a message that exceeds it comes alone', () => {
  const world: World = createWorld()
  const hub = createHub({
    nameSpaces: [
      { filter: topicFilter('log/#'), class: 'log', retention: { messages: 99, bytes: 1 << 26, ageMs: 9e9 } },
    ],
    values: { messages: 1, bytes: 1, removed: 1 },
    clock: () => world.time,
    wallClock: () => world.time,
    epoch,
  })
  for (const size of [6 << 20, 2 << 20, 1 << 20, 2 << 20]) hub.publish(messageOf(topicName('log/x'), size))
  const first = hub.history(topicFilter('#'), undefined, 100)
  expect(seqs(first.messages)).toEqual([1])
  const second = hub.history(topicFilter('#'), first.after, 100)
  expect(seqs(second.messages)).toEqual([2, 3])
  expect(seqs(hub.history(topicFilter('#'), second.after, 100).messages)).toEqual([4])
})

test('GW-3: among many values that changed, few that a filter matches are all found', () => {
  const hub = createHub({
    nameSpaces: [{ filter: topicFilter('state/#'), class: 'state' }],
    values: { messages: 10_000, bytes: 1 << 20, removed: 10 },
    clock: () => 0,
    wallClock: () => 0,
    epoch,
  })
  for (let i = 0; i < 3_000; i++)
    hub.publish(messageOf(topicName(`state/${i % 50 === 0 ? 'few' : 'many'}/${i}`), 1))
  const found: number[] = []
  let page = hub.history(topicFilter('state/few/+'), undefined, 10)
  for (;;) {
    found.push(...seqs(page.messages))
    if (page.isEnd) break
    page = hub.history(topicFilter('state/few/+'), page.after, 10)
  }
  expect(found).toEqual(Array.from({ length: 60 }, (_, i) => i * 50 + 1))
})
