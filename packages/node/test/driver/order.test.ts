import { banyanError } from '@banyan/base'
import type { ChainStore, DriverParts, Engine, EngineEffect, EngineEvent } from '@banyan/node'
import { createDriver } from '@banyan/node'
import { expect, test, vi } from 'vitest'

/** Test doubles: an engine that says what it is told, a disk that is done when it is told, a network that notes. */
function scripted(verdict: unknown = new Error('not used')) {
  const clock = { now: 0 }
  const done: string[] = []
  const writes: { readonly resolve: () => void; readonly reject: (error: unknown) => void }[] = []
  const slow = () => new Promise<void>((resolve, reject) => writes.push({ resolve, reject }))
  let effects: readonly EngineEffect[] = []
  const received: EngineEvent[] = []
  const engine = {
    step: (event: EngineEvent) => {
      received.push(event)
      const now = effects
      effects = []
      return now
    },
  }
  const store = { append: slow, finalize: slow, endEpoch: slow }
  const network = {
    send: (peer: string) => done.push(`send ${peer}`),
    judge: (peer: string) => done.push(`judge ${peer}`),
  }
  const driver = createDriver({
    engine: engine as unknown as Engine,
    store: store as unknown as ChainStore,
    signer: { vote: slow } as unknown as DriverParts['signer'],
    network: () => network as unknown as ReturnType<DriverParts['network']>,
    chainOptions: {} as DriverParts['chainOptions'],
    verify: () => Promise.reject(verdict),
    describe: () => {
      throw new Error('not used')
    },
    now: () => clock.now,
    after: (delay, act) => {
      const timer = setTimeout(act, delay)
      return () => clearTimeout(timer)
    },
    onFinal: () => done.push('final'),
    onEvidence: () => done.push('evidence'),
    onFailure: () => done.push('failure'),
  })
  const give = (...next: readonly EngineEffect[]): void => {
    effects = next
    driver.give({ kind: 'time' })
  }
  return { driver, give, done, writes, received, clock }
}

const store: EngineEffect = { kind: 'store', block: {} as never, vote: new Uint8Array(0) }
const record = { epoch: 0, view: 1, notarized: undefined, nullified: true, finalized: undefined }
const vote: EngineEffect = { kind: 'vote', record }
const send = (peer: string): EngineEffect => ({
  kind: 'send',
  peers: [peer],
  channel: 'votes',
  bytes: new Uint8Array(1),
})
const spread = (peer: string): EngineEffect => ({
  kind: 'spread',
  peers: [peer],
  channel: 'data',
  bytes: new Uint8Array(1),
})
const judge: EngineEffect = { kind: 'judge', peer: 'p', verdict: 'useful' }
const turn = () => new Promise((resolve) => setImmediate(resolve))

test('CON-1: what follows a write leaves when all writes before it are durable, also those of earlier steps', async () => {
  const { give, done, writes } = scripted()
  give(store, send('a'))
  give(store, send('b'), judge)
  expect(done).toEqual(['judge p'])
  writes[1]!.resolve()
  await turn()
  expect(done).toEqual(['judge p'])
  writes[0]!.resolve()
  await turn()
  expect(done).toEqual(['judge p', 'send a', 'send b'])
  give(send('c'))
  expect(done).toEqual(['judge p', 'send a', 'send b', 'send c'])
})

test('CON-1: a vote is written when what it rests on is durable, and sent when it is durable itself', async () => {
  const { give, done, writes } = scripted()
  give(store, vote, send('a'))
  expect(writes).toHaveLength(1)
  writes[0]!.resolve()
  await turn()
  expect(writes).toHaveLength(2)
  expect(done).toEqual([])
  writes[1]!.resolve()
  await turn()
  expect(done).toEqual(['send a'])
})

test('CON-16: votes that wait for the same writes share a sync, and batches wait for none', async () => {
  const { give, done, writes } = scripted()
  give(store, vote, send('a'), store, vote, send('b'), vote, send('c'), spread('d'))
  expect(done).toEqual(['send d'])
  expect(writes).toHaveLength(2)
  writes[1]!.resolve()
  await turn()
  expect(writes, 'the first block is not durable').toHaveLength(2)
  writes[0]!.resolve()
  await turn()
  expect(writes, 'all votes are on their way').toHaveLength(5)
  writes[4]!.resolve()
  writes[3]!.resolve()
  await turn()
  expect(done, 'the first vote is not durable').toEqual(['send d'])
  writes[2]!.resolve()
  await turn()
  expect(done).toEqual(['send d', 'send a', 'send b', 'send c'])
})

test('CON-16: a vote waits for the block in front of it, though earlier votes are on their way', async () => {
  const { give, writes } = scripted()
  give(store, vote)
  writes[0]!.resolve()
  await turn()
  give(store, vote)
  await turn()
  expect(writes).toHaveLength(3)
  writes[2]!.resolve()
  await turn()
  expect(writes).toHaveLength(4)
})

test('CON-1, LED-9: after a failed write nothing leaves any more, and the failure is told once', async () => {
  const { driver, give, done, writes, received } = scripted()
  give(store, send('a'), store, send('b'))
  writes[0]!.reject(new Error('disk'))
  writes[1]!.reject(new Error('disk'))
  await turn()
  expect(done).toEqual(['failure'])
  const before = received.length
  give(send('c'))
  expect(received.length).toBe(before)
  expect(done).toEqual(['failure'])
  await expect(driver.stop()).rejects.toThrow('disk')
})

test('LED-9: stopping waits for the writes under way', async () => {
  const { driver, give, writes } = scripted()
  give(store)
  let stopped = false
  const stopping = driver.stop().then(() => {
    stopped = true
  })
  await turn()
  expect(stopped).toBe(false)
  writes[0]!.resolve()
  await stopping
  expect(stopped).toBe(true)
})

const verify: EngineEffect = { kind: 'verify', job: 1, batch: {} as never, trusted: false }

test('CON-11: a batch of which a signature does not hold is not valid', async () => {
  const { give, done, received } = scripted(
    banyanError('BatchTransactionInvalid', { index: 0, reason: 'its signature does not hold' }),
  )
  give(verify)
  await turn()
  expect(received.at(-1)).toEqual({ kind: 'verified', job: 1, described: undefined })
  expect(done).toEqual([])
})

test('CON-11: when the worker threads are gone the node fails, and holds no batch against its author', async () => {
  const { give, done, received } = scripted(banyanError('WorkerFailed', { reason: 'a worker ended' }))
  give(verify)
  await turn()
  expect(received.map(({ kind }) => kind)).toEqual(['time'])
  expect(done).toEqual(['failure'])
})

test('CON-1: the engine is woken at its moment, even if a timer fires before it', () => {
  vi.useFakeTimers()
  try {
    const { give, received, clock } = scripted()
    give({ kind: 'wake', at: 100 })
    clock.now = 99.7
    vi.advanceTimersByTime(100)
    expect(received).toHaveLength(1)
    clock.now = 100
    vi.advanceTimersByTime(1)
    expect(received).toEqual([{ kind: 'time' }, { kind: 'time' }])
    vi.advanceTimersByTime(1_000)
    expect(received).toHaveLength(2)
  } finally {
    vi.useRealTimers()
  }
})
