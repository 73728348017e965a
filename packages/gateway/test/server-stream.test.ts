import { topicFilter, topicName } from '@banyan/topics'
import { expect, test } from 'vitest'
import { readEvents } from './live/event-reader.js'
import { epoch, type Live, startLive } from './live/gateway.js'

function publish({ hub }: Live, topic: string, payload: string | Buffer): void {
  const rest = {
    qos: 1,
    retain: false,
    expiresAt: undefined,
    properties: undefined,
    from: undefined,
    frames: undefined,
  } as const
  hub.publish({ topic: topicName(topic), payload: Buffer.from(payload), ...rest })
}

const message = (topic: string, seq: number, text: string) => ({
  id: `${epoch}:${seq}`,
  event: 'message',
  data: { topic, time: expect.any(Number) as number, position: `${epoch}:${seq}`, text },
})

test('GW-2: a stream begins with its position and last values, and goes on with what is published', async () => {
  const live = await startLive()
  publish(live, 'log/a', 'before')
  publish(live, 'state/a', 'value')
  const reader = await readEvents(`${live.http}/v1/stream?topic=%23`)
  expect(await reader.next()).toEqual({ id: undefined, event: 'start', data: { position: `${epoch}:2` } })
  expect(await reader.next()).toEqual(message('state/a', 2, 'value'))
  publish(live, 'log/a', 'line\nbreak')
  expect(await reader.next()).toEqual(message('log/a', 3, 'line\nbreak'))
  publish(live, 'event/a', Buffer.from([255]))
  const data = { topic: 'event/a', time: expect.any(Number) as number, base64: '/w==' }
  expect(await reader.next()).toEqual({ id: undefined, event: 'message', data })
})

test('GW-3: a reader that comes again goes on behind the last event that it has', async () => {
  const live = await startLive()
  for (const text of ['one', 'two', 'three']) publish(live, 'log/a', text)
  for (const [query, headers] of [
    ['', { 'last-event-id': `${epoch}:1` }],
    [`&since=${epoch}:1`, {}],
    // A browser that reconnects sends both, and the header is the newer one.
    ['&since=beginning', { 'last-event-id': `${epoch}:1` }],
  ] as const) {
    const reader = await readEvents(`${live.http}/v1/stream?topic=log/a${query}`, headers)
    expect((await reader.next()).event).toBe('start')
    expect(await reader.next()).toEqual(message('log/a', 2, 'two'))
    expect(await reader.next()).toEqual(message('log/a', 3, 'three'))
    reader.close()
  }
})

test('GW-3: a reader that asks for the beginning gets everything, without a reset', async () => {
  const live = await startLive()
  publish(live, 'log/a', 'one')
  const reader = await readEvents(`${live.http}/v1/stream?topic=log/a&since=beginning`)
  await reader.next()
  expect(await reader.next()).toEqual(message('log/a', 1, 'one'))
})

test('GW-3: a position that does not continue is answered with a reset and what is kept', async () => {
  const live = await startLive()
  publish(live, 'log/a', 'one')
  const reader = await readEvents(`${live.http}/v1/stream?topic=log/a`, { 'last-event-id': 'other:7' })
  expect((await reader.next()).event).toBe('start')
  expect(await reader.next()).toEqual({ id: undefined, event: 'reset', data: {} })
  expect(await reader.next()).toEqual(message('log/a', 1, 'one'))
})

test('GW-8: a slow reader misses events and is told how many, and misses nothing of a log', async () => {
  const live = await startLive()
  const reader = await readEvents(`${live.http}/v1/stream?topic=%23`)
  expect((await reader.next()).event).toBe('start')
  reader.pause()
  const large = 'x'.repeat(100_000)
  // More than sockets hold: the reader is behind.
  const rounds = 200
  for (let i = 0; i < rounds; i++) {
    publish(live, 'log/a', large)
    publish(live, 'event/a', large)
    await new Promise((resolve) => setImmediate(resolve))
  }
  publish(live, 'log/a', 'end')
  reader.resume()
  let logs = 0
  let events = 0
  let missed = 0
  for (;;) {
    const { event, data } = await reader.next()
    if (event === 'missed') missed += (data as { events: number }).events
    else if ((data as { topic: string }).topic === 'event/a') events++
    else {
      expect((data as { position: string }).position).toBe(`${epoch}:${++logs}`)
      if ((data as { text: string }).text === 'end') break
    }
  }
  expect(logs).toBe(rounds + 1)
  expect(missed).toBeGreaterThan(0)
  expect(events + missed).toBe(rounds)
})

test('GW-8: a reader that went away is forgotten', async () => {
  const live = await startLive()
  const reader = await readEvents(`${live.http}/v1/stream?topic=a`)
  await reader.next()
  expect(live.hub.retained(topicFilter('a'))).toEqual([])
  const receivers = (): Promise<number> =>
    new Promise((resolve) => {
      live.hub.publish(
        {
          topic: topicName('a'),
          payload: Buffer.of(1),
          qos: 0,
          retain: false,
          expiresAt: undefined,
          properties: undefined,
          from: undefined,
          frames: undefined,
        },
        (published) => resolve(published === 'full' ? -1 : published.receivers),
      )
    })
  expect(await receivers()).toBe(1)
  reader.close()
  while ((await receivers()) > 0) await new Promise((resolve) => setTimeout(resolve, 5))
})
