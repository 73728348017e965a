import type { Channel, Network, NetworkHandlers } from '@banyan/network'
import { createRandom, testSeed } from '@banyan/testing'
import { describe, expect, test } from 'vitest'
import { quiet, readAll, until } from './nodes.js'

/** What every driver of the port is tested with. */
export const conformanceLimits = {
  maxQueueBytes: { votes: 64 * 1024, data: 2 ** 20 },
  maxMessageBytes: { votes: 16 * 1024, data: 2 ** 19 },
  requestsPerPeer: 2,
}

/** Nodes with these handlers, each connected to each. The driver closes them after the test. */
export type Connect = (handlers: readonly NetworkHandlers[]) => Promise<readonly Network[]>

type Received = { readonly channel: Channel; readonly message: Uint8Array }

function numbered(value: number, length: number): Uint8Array {
  const message = new Uint8Array(Math.max(4, length))
  new DataView(message.buffer).setUint32(0, value)
  return message
}

function numbersOf(received: readonly Received[], channel: Channel): readonly number[] {
  return received
    .filter((entry) => entry.channel === channel)
    .map(({ message }) => new DataView(message.buffer, message.byteOffset).getUint32(0))
}

/** Texts are compared much faster than arrays of bytes. */
const textOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')

const counting = (count: number) => Array.from({ length: count }, (_, i) => i)

/** A node that collects what it receives. */
function collector(): { readonly received: Received[]; readonly handlers: NetworkHandlers } {
  const received: Received[] = []
  return {
    received,
    handlers: { ...quiet, onMessage: (_, channel, message) => received.push({ channel, message }) },
  }
}

/** An answerer that answers `one part, then nothing for ever`, and tells when it was told to stop. */
function staller(): { readonly stopped: () => number; readonly handlers: NetworkHandlers } {
  let stopped = 0
  return {
    stopped: () => stopped,
    handlers: {
      ...quiet,
      onRequest: async function* (_, request, signal) {
        try {
          yield request
          await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
        } finally {
          stopped++
        }
      },
    },
  }
}

const generous = { maxBytes: 2 ** 20, timeoutMs: 60_000 }
const someRequest = Uint8Array.of(1, 2, 3)

function messageTests(connect: Connect): void {
  test('CON-11: messages of a channel arrive in order, once each, and as they were sent', async () => {
    const random = createRandom(testSeed('conformance order'))
    const { received, handlers } = collector()
    const [from, to] = (await connect([quiet, handlers])) as [Network, Network]
    const sent: Received[] = []
    for (let round = 0; round < 20; round++) {
      for (let i = 0; i < 20; i++) {
        const channel = random.below(3) === 0 ? 'data' : 'votes'
        const message = random.bytes(random.below(channel === 'data' ? 50_000 : 3000))
        sent.push({ channel, message })
        from.send(to.id, channel, message)
      }
      await until(() => received.length === sent.length, 'all of the round arrive')
    }
    for (const channel of ['votes', 'data'] as const) {
      const of = (all: readonly Received[]) =>
        all.filter((entry) => entry.channel === channel).map(({ message }) => textOf(message))
      expect(of(received)).toEqual(of(sent))
    }
  })

  test('CON-11: empty and largest messages arrive', async () => {
    const { received, handlers } = collector()
    const [from, to] = (await connect([quiet, handlers])) as [Network, Network]
    const sizes = [0, 1, 65_503, 65_504, 65_507, 65_508, conformanceLimits.maxMessageBytes.data]
    for (const [i, size] of sizes.entries()) {
      from.send(to.id, 'data', new Uint8Array(size).fill(i))
      await until(() => received.length === i + 1, `a message of ${size} bytes arrives`)
      expect(textOf(received[i]!.message)).toBe(textOf(new Uint8Array(size).fill(i)))
    }
  })

  test('CON-11: what does not fit into the queue is dropped and counted, and the rest keeps its order', async () => {
    const { received, handlers } = collector()
    const [from, to] = (await connect([quiet, handlers])) as [Network, Network]
    for (let i = 0; i < 1000; i++) from.send(to.id, 'votes', numbered(i, 1000))
    const drops = from.counters().get(to.id)!.drops
    expect(drops).toBeGreaterThan(900)
    expect(drops).toBeLessThan(1000)
    await until(() => received.length === 1000 - drops, 'what was kept arrives')
    expect(numbersOf(received, 'votes')).toEqual(counting(1000 - drops))
    from.send(to.id, 'votes', numbered(5000, 10))
    await until(() => numbersOf(received, 'votes').at(-1) === 5000, 'there is room again')
    expect(from.counters().get(to.id)).toMatchObject({ drops, messagesOut: 1001 - drops })
    expect(to.counters().get(from.id)!.messagesIn).toBe(1001 - drops)
  })

  test('CON-11: a message to a stranger is dropped and counted', async () => {
    const [node] = (await connect([quiet])) as [Network]
    node.send('nobody', 'votes', someRequest)
    expect(node.counters().get('nobody')!.drops).toBe(1)
    expect(node.peers()).toEqual([])
  })
}

function requestTests(connect: Connect): void {
  test('CON-11: a request yields the parts of its answer in order', async () => {
    const random = createRandom(testSeed('conformance request'))
    const parts = [1, 5000, 200_000, 17].map((size) => random.bytes(size))
    const [asker, answerer] = (await connect([
      quiet,
      {
        ...quiet,
        onRequest: async function* (_, request) {
          yield request
          yield* parts
        },
      },
    ])) as [Network, Network]
    const answer = await readAll(asker.request(answerer.id, someRequest, generous))
    expect(answer.map(textOf)).toEqual([someRequest, ...parts].map(textOf))
    expect(asker.counters().get(answerer.id)!.requestsOut).toBe(1)
    expect(answerer.counters().get(asker.id)!.requestsIn).toBe(1)
  })

  test('CON-11: an answer without parts is an answer', async () => {
    const [asker, answerer] = (await connect([quiet, quiet])) as [Network, Network]
    expect(await readAll(asker.request(answerer.id, someRequest, generous))).toEqual([])
  })

  test('CON-11: an answer beyond maxBytes fails, and the answerer may stop', async () => {
    const { stopped, handlers } = staller()
    const [asker, answerer] = (await connect([quiet, handlers])) as [Network, Network]
    const answer = readAll(asker.request(answerer.id, someRequest, { maxBytes: 2, timeoutMs: 60_000 }))
    await expect(answer).rejects.toMatchObject({ kind: 'PeerFailed' })
    await until(() => stopped() === 1, 'the answerer stops')
  })

  test('CON-11: many small parts count together towards maxBytes', async () => {
    const onRequest = async function* () {
      for (let i = 0; i < 100; i++) yield new Uint8Array(10)
    }
    const [asker, answerer] = (await connect([quiet, { ...quiet, onRequest }])) as [Network, Network]
    const ask = (maxBytes: number) =>
      readAll(asker.request(answerer.id, someRequest, { maxBytes, timeoutMs: 60_000 }))
    await expect(ask(999)).rejects.toMatchObject({ kind: 'PeerFailed' })
    expect((await ask(1000)).length).toBe(100)
  })

  test('CON-11: what the answerer throws reaches the asker without details', async () => {
    const onRequest = async function* () {
      yield someRequest
      throw new Error('a secret')
    }
    const [asker, answerer] = (await connect([quiet, { ...quiet, onRequest }])) as [Network, Network]
    const error = await readAll(asker.request(answerer.id, someRequest, generous)).catch((cause) => cause)
    expect(error).toMatchObject({ kind: 'PeerFailed' })
    expect(error.message).not.toContain('secret')
  })

  test('CON-11: a stalled answer ends by the time-out of the asker, on both sides', async () => {
    const { stopped, handlers } = staller()
    const [asker, answerer] = (await connect([quiet, handlers])) as [Network, Network]
    const answer = readAll(asker.request(answerer.id, someRequest, { maxBytes: 100, timeoutMs: 50 }))
    await expect(answer).rejects.toMatchObject({ kind: 'PeerTimeout' })
    await until(() => stopped() === 1, 'the answerer stops')
  })

  test('CON-11: a request ends with the reason of its signal, on both sides', async () => {
    const { stopped, handlers } = staller()
    const [asker, answerer] = (await connect([quiet, handlers])) as [Network, Network]
    const leaving = new AbortController()
    const reason = new Error('changed my mind')
    const reading = (async () => {
      const options = { ...generous, signal: leaving.signal }
      for await (const _ of asker.request(answerer.id, someRequest, options)) leaving.abort(reason)
    })()
    await expect(reading).rejects.toBe(reason)
    await until(() => stopped() === 1, 'the answerer stops')
    await expect(
      readAll(asker.request(answerer.id, someRequest, { ...generous, signal: leaving.signal })),
    ).rejects.toBe(reason)
  })

  test('CON-11: leaving the loop ends a request on both sides and makes room for another', async () => {
    const { stopped, handlers } = staller()
    const [asker, answerer] = (await connect([quiet, handlers])) as [Network, Network]
    for (let i = 1; i <= 5; i++) {
      for await (const _ of asker.request(answerer.id, someRequest, generous)) break
      await until(() => stopped() === i, 'the answerer stops')
    }
  })

  test('CON-11: more requests at a time than allowed are refused at once', async () => {
    const { handlers } = staller()
    const [asker, answerer] = (await connect([quiet, handlers])) as [Network, Network]
    const start = async () => {
      const parts = asker.request(answerer.id, someRequest, generous)[Symbol.asyncIterator]()
      await parts.next()
      return parts
    }
    const first = await start()
    const second = await start()
    await expect(start()).rejects.toMatchObject({ kind: 'PeerBusy', retryable: true })
    await first.return?.()
    const third = await start()
    await Promise.all([second.return?.(), third.return?.()])
  })

  test('CON-11: a stranger cannot be asked', async () => {
    const [node] = (await connect([quiet])) as [Network]
    await expect(readAll(node.request('nobody', someRequest, generous))).rejects.toMatchObject({
      kind: 'PeerUnknown',
    })
  })
}

function connectionTests(connect: Connect): void {
  test('CON-11: a hostile verdict bans a peer; it is gone and stays away', async () => {
    const lost: string[] = []
    const { received, handlers } = collector()
    const [victim, culprit] = (await connect([
      { ...handlers, onDisconnected: (peer) => lost.push(peer) },
      quiet,
    ])) as [Network, Network]
    victim.judge(culprit.id, 'hostile')
    await until(() => culprit.peers().length === 0 && lost.length === 1, 'both are disconnected')
    culprit.keepConnected(victim.addresses()[0]!)
    culprit.send(victim.id, 'votes', someRequest)
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(victim.peers()).toEqual([])
    expect(received).toEqual([])
    expect(victim.counters().get(culprit.id)).toMatchObject({ bans: 1, connections: 1 })
  })

  test('CON-11: many invalid messages end like a hostile one, and a few do not', async () => {
    const [victim, culprit] = (await connect([quiet, quiet])) as [Network, Network]
    for (let i = 0; i < 9; i++) victim.judge(culprit.id, 'invalid')
    expect(victim.peers()).toEqual([culprit.id])
    expect(victim.counters().get(culprit.id)!.score).toBeLessThan(-80)
    for (let i = 0; i < 5; i++) victim.judge(culprit.id, 'useful')
    for (let i = 0; i < 3; i++) victim.judge(culprit.id, 'invalid')
    expect(victim.peers()).toEqual([])
  })

  test('CON-11: connecting and disconnecting are told in turns, and closing disconnects', async () => {
    const log: string[] = []
    const [watcher, leaver, other] = (await connect([
      {
        ...quiet,
        onConnected: (peer) => log.push(`+${peer}`),
        onDisconnected: (peer) => log.push(`-${peer}`),
      },
      staller().handlers,
      quiet,
    ])) as [Network, Network, Network]
    const running = readAll(watcher.request(leaver.id, someRequest, generous))
    await Promise.all([leaver.close(), expect(running).rejects.toMatchObject({ kind: 'PeerFailed' })])
    await until(() => watcher.peers().length === 1, 'the others see it')
    expect(watcher.peers()).toEqual([other.id])
    expect(leaver.peers()).toEqual([])
    const ofLeaver = log.filter((entry) => entry.endsWith(leaver.id)).map((entry) => entry[0])
    expect(ofLeaver.length).toBeGreaterThan(1)
    expect(ofLeaver).toEqual(ofLeaver.map((_, i) => (i % 2 === 0 ? '+' : '-')))
    await leaver.close()
  })
}

/** What the port promises, whatever drives it. */
export function testNetworkPort(name: string, connect: Connect): void {
  describe(name, () => {
    messageTests(connect)
    requestTests(connect)
    connectionTests(connect)
  })
}
