import { encodeFrame, frameTypes, maxBodyBytes, smallFrameLimit, windowBytes } from '@banyan/tunnel'
import { describe, expect, test } from 'vitest'
import { bodyOf, createPair, head, noBody, type Pair, service, usage } from './pair.js'

function closing(pair: Pair): string | undefined {
  const close = pair.regionHeard.find((effect) => effect.kind === 'close')
  return close?.error.kind
}

describe('CMP-2: requests and answers pass the tunnel', () => {
  test('CMP-2: a short exchange is a request, an acknowledgement and an answer', () => {
    const pair = createPair()
    pair.greet()
    pair.stepRegion({ kind: 'open', head, body: new Uint8Array([1, 2]), end: true })
    pair.settle()
    expect(pair.minerHeard).toEqual([
      { kind: 'request', stream: 1, head, body: new Uint8Array([1, 2]), end: true },
    ])
    pair.stepMiner({
      kind: 'respond',
      stream: 1,
      head: { status: 200, headers: [] },
      body: new Uint8Array([3]),
      usage,
    })
    expect(pair.toRegion).toHaveLength(1)
    pair.settle()
    expect(pair.regionKinds()).toEqual(['acked', 'response'])
    expect(pair.regionHeard[1]).toMatchObject({ head: { status: 200 }, body: new Uint8Array([3]), usage })
    expect(pair.region.open.size + pair.miner.open.size).toBe(0)
    expect(pair.miner.link.incoming.size + pair.region.link.incoming.size).toBe(0)
  })

  test('CMP-2: a body without credits stops at its window, and goes on as it is read', () => {
    const pair = createPair()
    pair.greet()
    const total = 3 * windowBytes
    pair.stepRegion({ kind: 'open', head, body: new Uint8Array(100), end: false })
    pair.stepRegion({ kind: 'write', stream: 1, body: new Uint8Array(total - 100), end: true })
    pair.settle()
    expect(bodyOf(pair.minerHeard, 1)).toBe(windowBytes)
    let taken = 0
    while (taken < bodyOf(pair.minerHeard, 1)) {
      const next = bodyOf(pair.minerHeard, 1)
      pair.stepMiner({ kind: 'consumed', stream: 1, bytes: next - taken })
      taken = next
      pair.settle()
    }
    expect(taken).toBe(total)
    expect(pair.minerHeard.at(-1)).toMatchObject({ kind: 'data', end: true })
  })

  test('CMP-2: answers that are under way at the same time take turns', () => {
    const pair = createPair()
    pair.greet()
    for (const id of ['large', 'small'])
      pair.stepRegion({ kind: 'open', head: { ...head, id }, body: noBody, end: true })
    pair.settle()
    const answer = {
      kind: 'respond',
      head: { status: 200, headers: [] },
      body: noBody,
      usage: undefined,
    } as const
    for (const stream of [1, 2]) pair.stepMiner({ ...answer, stream })
    pair.stepMiner({ kind: 'write', stream: 1, body: new Uint8Array(windowBytes), usage })
    pair.stepMiner({ kind: 'write', stream: 2, body: new Uint8Array(windowBytes), usage })
    pair.settle()
    const order = pair.regionHeard.filter((effect) => effect.kind === 'data').map((effect) => effect.stream)
    expect(order.slice(4, 10)).toEqual([1, 2, 1, 2, 1, 2])
  })

  test('CMP-2: data wait while the socket is full', () => {
    const pair = createPair()
    pair.greet()
    pair.stepRegion({ kind: 'open', head, body: noBody, end: false })
    pair.stepRegion({ kind: 'write', stream: 1, body: new Uint8Array(windowBytes), end: true })
    const before = pair.toMiner.length
    pair.stepRegion({ kind: 'tick' })
    expect(pair.toMiner.length).toBe(before)
    expect(before).toBeLessThan(7)
    pair.stepRegion({ kind: 'writable' })
    expect(pair.toMiner.length).toBe(before + 4)
  })
})

describe('CMP-3: work ends for both ends', () => {
  test('CMP-3: a cancelled request reaches the miner, and what it still sends is dropped', () => {
    const pair = createPair()
    pair.greet()
    pair.stepRegion({ kind: 'open', head, body: noBody, end: true })
    pair.settle()
    pair.stepMiner({
      kind: 'respond',
      stream: 1,
      head: { status: 200, headers: [] },
      body: noBody,
      usage: undefined,
    })
    pair.stepMiner({ kind: 'write', stream: 1, body: new Uint8Array(1_000), usage: undefined })
    pair.stepRegion({ kind: 'cancel', stream: 1, reason: 'the client went away' })
    pair.settle()
    expect(pair.minerHeard).toContainEqual({ kind: 'cancelled', stream: 1, reason: 'the client went away' })
    expect(pair.regionKinds()).toEqual(['acked'])
    pair.stepMiner({ kind: 'consumed', stream: 1, bytes: 10 })
    pair.stepRegion({ kind: 'frame', bytes: encodeFrame(frameTypes.credit, 1, { body: new Uint8Array(4) }) })
    expect(closing(pair)).toBeUndefined()
  })

  test('CMP-3: a miner that is full or draining says so instead of acknowledging', () => {
    const pair = createPair(1)
    pair.greet()
    for (const id of ['a', 'b'])
      pair.stepRegion({ kind: 'open', head: { ...head, id }, body: noBody, end: true })
    pair.settle()
    pair.stepMiner({ kind: 'respond', stream: 1, head: { status: 200, headers: [] }, body: noBody, usage })
    pair.settle()
    pair.stepMiner({ kind: 'offer', offer: { services: [service], draining: true } })
    pair.stepRegion({ kind: 'open', head: { ...head, id: 'c' }, body: noBody, end: true })
    pair.settle()
    expect(pair.regionHeard.filter((effect) => effect.kind !== 'response')).toEqual([
      { kind: 'acked', stream: 1 },
      { kind: 'failed', stream: 2, fail: { reason: 'no room', busy: true } },
      { kind: 'offer', offer: { services: [service], draining: true } },
      { kind: 'failed', stream: 3, fail: { reason: 'draining', busy: true } },
    ])
  })

  test('CMP-3: a silent end is given up, and pings measure the way', () => {
    const pair = createPair()
    pair.greet()
    pair.clock.now = 5_000
    pair.stepRegion({ kind: 'tick' })
    pair.clock.now = 5_040
    pair.settle()
    expect(pair.region.link.live.rttMs).toBe(40)
    pair.clock.now = 21_000
    pair.stepRegion({ kind: 'tick' })
    expect(closing(pair)).toBe('TunnelSilent')
  })
})

describe('CMP-17: hostile frames are refused', () => {
  const open = (pair: Pair): void => {
    pair.greet()
    pair.stepRegion({ kind: 'open', head, body: noBody, end: true })
    pair.settle()
  }
  const answer = encodeFrame(frameTypes.response, 1, { head: { status: 200, headers: [] } })
  const cases: readonly (readonly [string, readonly Uint8Array[], string])[] = [
    ['is too short', [new Uint8Array(3)], 'TunnelFrameInvalid'],
    ['has an unknown type', [new Uint8Array([99, 0, 0, 0, 1, 0, 0, 0])], 'TunnelFrameInvalid'],
    ['has a head that is not JSON', [new Uint8Array([7, 0, 1, 0, 1, 0, 0, 0, 33])], 'TunnelFrameInvalid'],
    ['has too large a body', [concat(answer, new Uint8Array(maxBodyBytes + 1))], 'TunnelFrameInvalid'],
    ['is for a stream that was never opened', [encodeFrame(frameTypes.ack, 2)], 'TunnelFrameInvalid'],
    ['greets twice', [encodeFrame(frameTypes.hello, 0, { head: {} })], 'TunnelFrameInvalid'],
    ['goes the wrong way', [encodeFrame(frameTypes.request, 1, { head })], 'TunnelFrameInvalid'],
    ['answers twice', [answer, answer], 'TunnelFrameInvalid'],
    [
      'has data before an answer',
      [encodeFrame(frameTypes.data, 1, { body: new Uint8Array(1) })],
      'TunnelFrameInvalid',
    ],
    ['has empty data', [answer, encodeFrame(frameTypes.data, 1)], 'TunnelFrameInvalid'],
    [
      'smuggles a line break into a header',
      [encodeFrame(frameTypes.response, 1, { head: { status: 200, headers: ['a', 'b\r\nc: d'] } })],
      'TunnelFrameInvalid',
    ],
    [
      'has an odd status',
      [encodeFrame(frameTypes.response, 1, { head: { status: 101, headers: [] } })],
      'TunnelFrameInvalid',
    ],
    [
      'ends without a usage',
      [encodeFrame(frameTypes.response, 1, { end: true, head: { status: 200, headers: [] } })],
      'TunnelFrameInvalid',
    ],
    [
      'exceeds its credits',
      [answer, ...Array.from({ length: 17 }, () => data(maxBodyBytes))],
      'TunnelCreditExceeded',
    ],
    [
      'is one of a flood',
      Array.from({ length: smallFrameLimit + 1 }, () =>
        encodeFrame(frameTypes.progress, 1, { head: { done: 0 } }),
      ),
      'TunnelFlooded',
    ],
  ]

  function data(size: number): Uint8Array {
    return encodeFrame(frameTypes.data, 1, { body: new Uint8Array(size) })
  }

  function concat(a: Uint8Array, b: Uint8Array): Uint8Array {
    const out = new Uint8Array(a.length + b.length)
    out.set(a)
    out.set(b, a.length)
    return out
  }

  test.each(cases)('CMP-17: a frame that %s ends the tunnel', (_what, frames, error) => {
    const pair = createPair()
    open(pair)
    for (const bytes of frames) pair.stepRegion({ kind: 'frame', bytes })
    expect(closing(pair)).toBe(error)
    const heard = pair.regionHeard.length
    pair.stepRegion({ kind: 'frame', bytes: answer })
    expect(pair.regionHeard.length).toBe(heard)
  })

  test('CMP-17: a region that grants more than a window is refused', () => {
    const pair = createPair()
    open(pair)
    pair.stepMiner({
      kind: 'respond',
      stream: 1,
      head: { status: 200, headers: [] },
      body: noBody,
      usage: undefined,
    })
    pair.stepMiner({
      kind: 'frame',
      bytes: encodeFrame(frameTypes.credit, 1, { body: new Uint8Array([1, 0, 0, 0]) }),
    })
    expect(pair.minerHeard.at(-1)).toMatchObject({ kind: 'close', error: { kind: 'TunnelCreditExceeded' } })
  })
})
