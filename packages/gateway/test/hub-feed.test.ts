import { createHub, type FeedStart, type Hub, type Message, type NewMessage, openFeed } from '@banyan/gateway'
import { createRandom, testSeed } from '@banyan/testing'
import { topicFilter, topicName } from '@banyan/topics'
import { expect, test } from 'vitest'

const epoch = 'e1'

function createLogs(messages = 1_000): Hub {
  return createHub({
    nameSpaces: [
      { filter: topicFilter('log/#'), class: 'log', retention: { messages, bytes: 1 << 20, ageMs: 9e9 } },
      { filter: topicFilter('state/#'), class: 'state' },
    ],
    values: { messages: 1_000, bytes: 1 << 20, removed: 1_000 },
    clock: () => 0,
    wallClock: () => 0,
    epoch,
  })
}

function publish(hub: Hub, topic: string, text = 'x'): void {
  const rest: Omit<NewMessage, 'topic' | 'payload'> = {
    qos: 1,
    retain: false,
    expiresAt: undefined,
    properties: undefined,
    from: undefined,
    frames: undefined,
  }
  hub.publish({ topic: topicName(topic), payload: Buffer.from(text), ...rest })
}

/** A reader that notes what it is told, and is slow when a test says so. */
function createReader(hub: Hub, start: FeedStart, filter = '#') {
  const told: (Message | 'reset' | number)[] = []
  const pace = { isSlow: false }
  const feed = openFeed({
    hub,
    filter: topicFilter(filter),
    start,
    take: (message) => told.push(message),
    reset: () => told.push('reset'),
    missed: (events) => told.push(events),
    isBehind: () => pace.isSlow,
  })
  const seqs = (): readonly unknown[] => told.map((each) => (typeof each === 'object' ? each.seq : each))
  return { told, pace, feed, seqs }
}

test('GW-3: a reader that is slow now and then gets each message of a log once and in order', () => {
  const random = createRandom(testSeed('hub feed'))
  for (let run = 0; run < 12; run++) {
    const hub = createLogs()
    const before = random.below(600)
    for (let i = 0; i < before; i++) publish(hub, `log/${random.below(3)}`)
    const start: FeedStart =
      run % 3 === 0 ? 'now' : run % 3 === 1 ? 'beginning' : { epoch, seq: random.below(before + 1) }
    const reader = createReader(hub, start)
    for (let i = 0; i < 300; i++) {
      if (random.below(10) === 0) reader.pace.isSlow = !reader.pace.isSlow
      if (random.below(10) === 0) reader.feed.resume()
      publish(hub, `log/${random.below(3)}`)
    }
    reader.pace.isSlow = false
    reader.feed.resume()
    publish(hub, 'log/0')
    const first = start === 'now' ? before : start === 'beginning' ? 0 : start.seq
    expect(reader.seqs()).toEqual(Array.from({ length: hub.end().seq - first }, (_, i) => first + i + 1))
    expect(reader.feed.isLive()).toBe(true)
  }
})

test('GW-3: a reader that was slow for too long is told so, and gets what is left', () => {
  const hub = createLogs(3)
  const reader = createReader(hub, 'now')
  publish(hub, 'log/a')
  reader.pace.isSlow = true
  for (let i = 0; i < 5; i++) publish(hub, 'log/a')
  expect(reader.feed.isLive()).toBe(false)
  reader.pace.isSlow = false
  reader.feed.resume()
  expect(reader.seqs()).toEqual([1, 'reset', 4, 5, 6])
})

test('GW-8: events that a slow reader misses are counted, and it is told how many', () => {
  const hub = createLogs()
  const reader = createReader(hub, 'now')
  publish(hub, 'event/a', 'first')
  reader.pace.isSlow = true
  for (let i = 0; i < 5; i++) publish(hub, 'event/a')
  reader.pace.isSlow = false
  publish(hub, 'event/a')
  reader.feed.resume()
  publish(hub, 'event/a', 'last')
  const texts = reader.told.map((each) =>
    typeof each === 'object' ? Buffer.from(each.payload).toString() : each,
  )
  expect(texts).toEqual(['first', 6, 'last'])
})

test('GW-3: a reader from now on begins with last values; one that left is given nothing', () => {
  const hub = createLogs()
  publish(hub, 'log/a')
  publish(hub, 'state/a', 'value')
  const reader = createReader(hub, 'now')
  expect(reader.seqs()).toEqual([2])
  reader.feed.close()
  publish(hub, 'state/a', 'other')
  publish(hub, 'event/a')
  expect(reader.seqs()).toEqual([2])
})

test('GW-3: reading from the beginning comes to its end although other logs have forgotten more', () => {
  const hub = createHub({
    nameSpaces: [
      {
        filter: topicFilter('log/short'),
        class: 'log',
        retention: { messages: 2, bytes: 1 << 20, ageMs: 9e9 },
      },
      {
        filter: topicFilter('log/#'),
        class: 'log',
        retention: { messages: 1_000, bytes: 1 << 20, ageMs: 9e9 },
      },
    ],
    values: { messages: 1, bytes: 1, removed: 1 },
    clock: () => 0,
    wallClock: () => 0,
    epoch,
  })
  for (let i = 0; i < 700; i++) publish(hub, 'log/long')
  for (let i = 0; i < 9; i++) publish(hub, 'log/short')
  const reader = createReader(hub, 'beginning')
  expect(reader.seqs()).toEqual([...Array.from({ length: 700 }, (_, i) => i + 1), 708, 709])
})

test('GW-3: members of a group share messages of many topics fairly, also while others come and go', () => {
  const hub = createLogs()
  const counts = [0, 0, 0]
  counts.forEach((_, i) => {
    const subscriber = {
      isHere: () => true,
      deliverer: () => () => {
        counts[i]!++
      },
    }
    hub.subscribe({ filter: topicFilter('jobs/#'), group: 'workers', subscriber })
  })
  for (let i = 0; i < 300; i++) {
    publish(hub, `jobs/${i}`)
    const passing = {
      filter: topicFilter('#'),
      group: undefined,
      subscriber: { isHere: () => true, deliverer: () => () => undefined },
    }
    hub.subscribe(passing)
    hub.unsubscribe(passing)
  }
  expect(counts).toEqual([100, 100, 100])
})

test('GW-3: a member that is away is passed over while another is here', () => {
  const hub = createLogs()
  const counts = [0, 0]
  const here = [true, false]
  counts.forEach((_, i) => {
    const subscriber = {
      isHere: () => here[i]!,
      deliverer: () => () => {
        counts[i]!++
      },
    }
    hub.subscribe({ filter: topicFilter('jobs/#'), group: 'workers', subscriber })
  })
  for (let i = 0; i < 10; i++) publish(hub, 'jobs/a')
  expect(counts).toEqual([10, 0])
  here[0] = false
  for (let i = 0; i < 10; i++) publish(hub, 'jobs/a')
  expect(counts).toEqual([15, 5])
})
