import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BrokerEvent } from '@banyan/region/core'
import {
  createExchange,
  createReplay,
  openSpool,
  type ReplayBudget,
  type Sink,
  type Spool,
} from '@banyan/region/work'
import type { MinerTunnel, Exchange as StreamUser } from '@banyan/tunnel/node'
import { describe, expect, test } from 'vitest'
import { usage } from './harness.js'

/** A disk without room. */
const noSpool: Spool = { open: () => undefined }

/** An exchange with miners that the test plays. */
function createScene(budget: Partial<ReplayBudget> = {}, spool: Spool = noSpool) {
  const events: BrokerEvent[] = []
  const written: Buffer[] = []
  const heads: number[] = []
  let ended: Buffer | undefined
  let aborted: string | undefined
  const state = { hasRoom: true, tunnelHasRoom: true, sent: 0 }
  const sink: Sink = {
    head: (status) => heads.push(status),
    write: (bytes) => {
      written.push(Buffer.from(bytes))
      return state.hasRoom
    },
    end: (last) => {
      ended = Buffer.from(last)
    },
    abort: (error) => {
      aborted = error.kind
    },
  }
  let lost = 0
  const limits = { total: 1_000_000, each: 1_000, used: 0, ...budget }
  const replay = createReplay({
    ...{ budget: limits, spool },
    lost: () => lost++,
    ready: () => exchange.received(),
  })
  const exchange = createExchange({
    id: 'r',
    service: 'echo',
    method: 'GET',
    path: '/',
    headers: [],
    replay,
    sink,
    step: (event) => {
      events.push(event)
      // The broker adopts the first head, and any after a failure.
      if (event.kind === 'head') exchange.adopt(event.attempt, undefined)
    },
    sent: (count) => {
      state.sent = count
    },
    progress: () => undefined,
  })
  const start = (attempt: number) => {
    let user: StreamUser | undefined
    const got: Buffer[] = []
    let consumed = 0
    const tunnel: MinerTunnel = {
      open: (_head, body, _end, on) => {
        user = on
        got.push(Buffer.from(body))
        return attempt
      },
      write: (_stream, body) => {
        got.push(Buffer.from(body))
        return state.tunnelHasRoom
      },
      consumed: (_stream, bytes) => {
        consumed += bytes
      },
      cancel: () => undefined,
      rttMs: () => undefined,
      close: () => undefined,
    }
    exchange.dispatch(attempt, tunnel, '1', 1_000)
    return { user: user!, got: () => Buffer.concat(got).toString(), consumed: () => consumed }
  }
  return {
    exchange,
    replay,
    limits,
    events,
    heads,
    state,
    start,
    text: () => Buffer.concat(written).toString(),
    end: () => ended?.toString(),
    aborted: () => aborted,
    lost: () => lost,
  }
}

const bytes = (text: string): Buffer => Buffer.from(text)
const head = (length?: number) => ({
  status: 200,
  headers: length === undefined ? [] : ['Content-Length', String(length)],
})

describe('CMP-3: records come before the last byte', () => {
  test('CMP-3: of an answer that tells its length, the last piece waits', () => {
    const scene = createScene()
    scene.replay.end()
    const { user } = scene.start(1)
    user.response(head(6), bytes('abc'), undefined)
    user.data(bytes('def'), undefined)
    expect(scene.text()).toBe('abc')
    user.data(new Uint8Array(0), usage)
    expect([scene.text(), scene.end()]).toEqual(['abc', undefined])
    expect(scene.events.at(-1)).toEqual({ kind: 'end', attempt: 1, usage, bytesIn: 0, bytesOut: 6 })
    scene.exchange.release()
    expect(scene.end()).toBe('def')
  })

  test('CMP-3: an answer in one piece waits whole, its head too', () => {
    const scene = createScene()
    scene.replay.end()
    scene.start(1).user.response(head(), bytes('all'), usage)
    expect([scene.heads, scene.text()]).toEqual([[], ''])
    scene.exchange.release()
    expect([scene.heads, scene.end()]).toEqual([[200], 'all'])
  })
})

describe('CMP-2: a miner is sent no more than it takes', () => {
  test('CMP-2: a full tunnel gets nothing until it has drained, however much comes', () => {
    const scene = createScene()
    const add = (text: string): void => {
      scene.replay.add(bytes(text))
      scene.exchange.received()
    }
    add('01')
    const miner = scene.start(1)
    scene.state.tunnelHasRoom = false
    for (const piece of ['23', '45', '67']) add(piece)
    expect([miner.got(), scene.state.sent]).toEqual(['0123', 4])
    miner.user.drained()
    expect([miner.got(), scene.state.sent]).toEqual(['012345', 6])
    scene.state.tunnelHasRoom = true
    miner.user.drained()
    expect([miner.got(), scene.state.sent]).toEqual(['01234567', 8])
  })
})

describe('CMP-3: another miner continues', () => {
  test('CMP-3: the client gets every byte once, however the pieces are cut', () => {
    const scene = createScene()
    scene.replay.end()
    const first = scene.start(1)
    first.user.response(head(10), bytes('0123'), undefined)
    first.user.data(bytes('45'), undefined)
    first.user.failed({ reason: 'gone', busy: false })
    const second = scene.start(2)
    second.user.response(head(10), bytes('01'), undefined)
    second.user.data(bytes('234567'), undefined)
    expect(scene.text()).toBe('01234567')
    expect(second.consumed()).toBe(8)
    second.user.data(bytes('89'), usage)
    scene.exchange.release()
    expect([scene.text(), scene.end(), scene.heads]).toEqual(['01234567', '89', [200]])
  })

  test('CMP-3: an answer that differs, in bytes, status or length, is not continued', () => {
    for (const second of [
      { head: head(), body: 'abXd', usage: undefined },
      { head: { status: 404, headers: [] }, body: 'abcd', usage: undefined },
      { head: head(), body: 'ab', usage },
    ]) {
      const scene = createScene()
      scene.replay.end()
      const first = scene.start(1)
      first.user.response(head(), bytes('abc'), undefined)
      first.user.failed({ reason: 'gone', busy: false })
      scene.start(2).user.response(second.head, bytes(second.body), second.usage)
      expect(scene.text()).toBe('abc')
      expect(scene.events.slice(-2).map((event) => event.kind)).toEqual(['unrepeatable', 'failed'])
    }
  })
})

describe('CMP-3: the request is kept for another miner, within bounds', () => {
  test('CMP-3: a second miner gets all of it, also what came meanwhile', () => {
    const scene = createScene()
    scene.replay.add(bytes('one '))
    const first = scene.start(1)
    scene.replay.add(bytes('two '))
    scene.exchange.received()
    expect(first.got()).toBe('one two ')
    first.user.failed({ reason: 'gone', busy: false })
    const second = scene.start(2)
    scene.replay.add(bytes('three'))
    scene.replay.end()
    scene.exchange.received()
    expect(second.got()).toBe('one two three')
  })

  test('CMP-3: what is too large is told once, and freed as it is sent', () => {
    const scene = createScene({ each: 10 })
    const { got } = scene.start(1)
    for (let i = 0; i < 100; i++) {
      scene.replay.add(bytes('0123456789'))
      scene.exchange.received()
    }
    expect([scene.lost(), scene.limits.used, got().length]).toEqual([1, 0, 1_000])
    const whole = createScene({ total: 15 })
    whole.replay.add(bytes('0123456789'))
    whole.replay.add(bytes('0123456789'))
    expect(whole.lost()).toBe(1)
    whole.replay.drop()
    expect(whole.limits.used).toBe(0)
  })

  test('CMP-2: a client that does not read holds the miner back, and the broker hears of it', () => {
    const scene = createScene()
    scene.replay.end()
    scene.state.hasRoom = false
    const miner = scene.start(1)
    miner.user.response(head(), bytes('abc'), undefined)
    expect(miner.consumed()).toBe(0)
    expect(scene.events.at(-1)).toEqual({ kind: 'held', id: 'r', held: true })
    scene.exchange.drained()
    expect(miner.consumed()).toBe(3)
    expect(scene.events.at(-1)).toEqual({ kind: 'held', id: 'r', held: false })
  })
})

describe('CMP-3: requests that are larger than memory', () => {
  const piece = (i: number): Buffer => Buffer.alloc(100_000, String(i % 10))
  const all = (count: number): string => Array.from({ length: count }, (_, i) => piece(i)).join('')

  async function withSpool(
    total: number,
    run: (spool: Spool, folder: string) => Promise<void>,
  ): Promise<void> {
    const folder = await mkdtemp(join(tmpdir(), 'banyan-spool-'))
    await writeFile(join(folder, '7'), 'left by a crash')
    await run(await openSpool(folder, { each: 4_500_000, total, free: 0 }), folder)
    await rm(folder, { recursive: true })
  }

  test('CMP-3: another miner gets all of a request from a file, and memory stays small', async () => {
    await withSpool(10_000_000, async (spool, folder) => {
      const scene = createScene({ each: 250_000 }, spool)
      const send = (from: number, to: number): void => {
        for (let i = from; i < to; i++) {
          scene.replay.add(piece(i))
          scene.exchange.received()
        }
      }
      const first = scene.start(1)
      send(0, 30)
      expect(first.got()).toBe(all(30))
      await expect
        .poll(() => {
          scene.replay.sent(3_000_000)
          return scene.limits.used
        })
        .toBe(0)
      first.user.failed({ reason: 'gone', busy: false })
      const second = scene.start(2)
      send(30, 40)
      scene.replay.end()
      scene.exchange.received()
      await expect.poll(() => second.got().length, { timeout: 15_000 }).toBe(4_000_000)
      expect(second.got()).toBe(all(40))
      expect(scene.replay.all()).toBeUndefined()
      expect([scene.lost(), await readdir(folder)]).toEqual([0, ['1']])
      // Beyond the bound of a file it can be sent once.
      const large = createScene({ each: 250_000 }, spool)
      for (let i = 0; i < 45; i++) large.replay.add(piece(i))
      expect(large.lost()).toBe(0)
      large.replay.add(piece(45))
      expect(large.lost()).toBe(1)
      large.replay.drop()
      second.user.response(head(), bytes('ok'), usage)
      scene.exchange.release()
      await expect.poll(() => readdir(folder)).toEqual([])
      expect([scene.end(), scene.limits.used]).toEqual(['ok', 0])
    })
  })

  test('CMP-3: without room in files a request can be sent once, and what was read of it is not lost', async () => {
    await withSpool(2_000_000, async (spool, folder) => {
      const scene = createScene({ each: 250_000 }, spool)
      const miner = scene.start(1)
      for (let i = 0; i < 30; i++) {
        scene.replay.add(piece(i))
        scene.exchange.received()
      }
      expect([miner.got(), scene.lost()]).toEqual([all(30), 1])
      const other = createScene({ each: 250_000 }, spool)
      for (let i = 0; i < 8; i++) other.replay.add(piece(i))
      expect(other.lost()).toBe(1)
      scene.replay.drop()
      other.replay.drop()
      await expect
        .poll(() => {
          const third = createScene({ each: 250_000 }, spool)
          for (let i = 0; i < 8; i++) third.replay.add(piece(i))
          third.replay.drop()
          return third.lost()
        })
        .toBe(0)
      await expect.poll(() => readdir(folder)).toEqual([])
    })
  })
})
