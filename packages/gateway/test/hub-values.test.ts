import { createHub, type Hub, type NewMessage, type Published } from '@banyan/gateway'
import { topicFilter, topicName } from '@banyan/topics'
import { expect, test } from 'vitest'

type Clock = { now: number }

function createValues(clock: Clock, values: { messages: number; bytes: number; removed?: number }): Hub {
  return createHub({
    nameSpaces: [
      { filter: topicFilter('state/quiet/#'), class: 'event' },
      { filter: topicFilter('state/#'), class: 'state' },
    ],
    values: { removed: 10, ...values },
    clock: () => clock.now,
    wallClock: () => clock.now,
    epoch: 'e1',
  })
}

function publish(hub: Hub, topic: string, text: string, rest: Partial<NewMessage> = {}): Published {
  const none = {
    qos: 1,
    retain: false,
    expiresAt: undefined,
    properties: undefined,
    from: undefined,
    frames: undefined,
  } as const
  let outcome: Published = 'full'
  hub.publish({ topic: topicName(topic), payload: Buffer.from(text), ...none, ...rest }, (published) => {
    outcome = published
  })
  return outcome
}

const textsOf = (hub: Hub, filter = '#'): readonly string[] =>
  hub
    .retained(topicFilter(filter))
    .map(({ payload }) => Buffer.from(payload).toString())
    .sort()

test('GW-3: a state keeps the last value of each topic, other topics only what is to be retained', () => {
  const hub = createValues({ now: 0 }, { messages: 10, bytes: 100 })
  publish(hub, 'state/a', 'one')
  publish(hub, 'state/a', 'two')
  publish(hub, 'other', 'three', { retain: true })
  expect(publish(hub, 'other', 'four')).toMatchObject({ position: undefined })
  expect(textsOf(hub)).toEqual(['three', 'two'])
  expect(textsOf(hub, 'state/+')).toEqual(['two'])
  expect(publish(hub, 'state/a', '')).toMatchObject({ position: { epoch: 'e1', seq: 4 } })
  expect(textsOf(hub)).toEqual(['three'])
})

test('GW-3: the first class that matches a topic is its own', () => {
  const hub = createValues({ now: 0 }, { messages: 10, bytes: 100 })
  expect(publish(hub, 'state/quiet/a', 'one')).toMatchObject({ position: undefined })
  expect(textsOf(hub)).toEqual([])
})

test('GW-8: values beyond their number or size are refused; the same topic, and removals, still have room', () => {
  const hub = createValues({ now: 0 }, { messages: 2, bytes: 8 })
  publish(hub, 'state/a', 'aaaa')
  publish(hub, 'state/b', 'bb')
  expect(publish(hub, 'state/c', 'c')).toBe('full')
  expect(publish(hub, 'state/b', 'bbbbb')).toBe('full')
  expect(publish(hub, 'state/b', 'bbbb')).not.toBe('full')
  expect(publish(hub, 'state/a', '')).not.toBe('full')
  expect(publish(hub, 'state/c', 'cccc')).not.toBe('full')
  expect(textsOf(hub)).toEqual(['bbbb', 'cccc'])
})

test('GW-3: values that expired are not told, and make room', () => {
  const clock = { now: 0 }
  const hub = createValues(clock, { messages: 2, bytes: 100 })
  publish(hub, 'state/a', 'a', { expiresAt: 10 })
  publish(hub, 'state/b', 'b', { expiresAt: 20 })
  clock.now = 10
  expect(publish(hub, 'state/c', 'c')).not.toBe('full')
  expect(textsOf(hub)).toEqual(['b', 'c'])
  expect(publish(hub, 'state/d', 'd')).toBe('full')
  clock.now = 20
  expect(hub.history(topicFilter('#'), undefined, 10).messages.map(({ topic }) => topic)).toEqual(['state/c'])
  expect(publish(hub, 'state/d', 'd')).not.toBe('full')
})

test('GW-3: removals are told as long as they are remembered, and then a reset', () => {
  const hub = createValues({ now: 0 }, { messages: 100, bytes: 1_000, removed: 2 })
  publish(hub, 'state/a', 'a')
  const known = hub.end()
  publish(hub, 'state/a', '')
  const page = hub.history(topicFilter('#'), known, 10)
  expect(page.messages.map(({ topic, payload }) => [topic, payload.length])).toEqual([['state/a', 0]])
  for (const name of ['b', 'c', 'd', 'e']) publish(hub, `state/${name}`, '')
  expect(hub.history(topicFilter('#'), known, 10).isReset).toBe(true)
  expect(hub.history(topicFilter('#'), hub.end(), 10).isReset).toBe(false)
})

test('GW-3: a removal after which a new value came is not missed', () => {
  const hub = createValues({ now: 0 }, { messages: 100, bytes: 1_000, removed: 2 })
  publish(hub, 'state/a', 'a')
  const known = hub.end()
  for (let i = 0; i < 9; i++) {
    publish(hub, 'state/a', '')
    publish(hub, 'state/a', `a${i}`)
  }
  const page = hub.history(topicFilter('#'), known, 10)
  expect(page.isReset).toBe(false)
  expect(page.messages.map(({ payload }) => Buffer.from(payload).toString())).toEqual(['a8'])
})
