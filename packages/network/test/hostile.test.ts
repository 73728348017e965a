import { createRandom, testSeed } from '@banyan/testing'
import { afterEach, expect, test } from 'vitest'
import {
  closeHostile,
  connectHostile,
  createWriter,
  frame,
  rawSocket,
  requestProtocol,
  votesProtocol,
} from './hostile-peer.js'
import { closeNodes, readAll, startNode, until } from './nodes.js'

/** Nothing ends by silence here: each peer has to be caught for what it does. */
const quick = { redialMs: { first: 20, longest: 100 }, silenceMs: 600_000 }

afterEach(async () => {
  await closeHostile()
  await closeNodes()
})

/** Two honest nodes still talk to each other. */
async function expectService(index: number, address: string, victim: { peers: () => readonly string[] }) {
  const honest = await startNode(index, { limits: quick })
  honest.keepConnected(address)
  await until(() => victim.peers().includes(honest.id), 'an honest node is served')
}

test('CON-11: garbage instead of a handshake ends that socket only', async () => {
  const random = createRandom(testSeed('garbage'))
  const victim = await startNode(1, { limits: { ...quick, handshakeMs: 1000, connectionRate: 1000 } })
  const [address] = victim.addresses()
  const attempts = Array.from({ length: 30 }, async (_, i) => {
    const { socket, closed } = rawSocket(address!)
    // Some look like the begin of the protocol, which names what follows by length and text.
    if (i % 3 === 0) socket.write('\u0013/multistream/1.0.0\n\u0007/noise\n')
    socket.write(random.bytes(1 + random.below(100_000)))
    await closed
  })
  await Promise.all(attempts)
  expect(victim.peers()).toEqual([])
  await expectService(2, address!, victim)
})

test('CON-11: sockets that say nothing are closed in time, and cannot take the places of others', async () => {
  const limits = { ...quick, handshakeMs: 1000, connectionsPerAddress: 5, connectionRate: 1000 }
  const victim = await startNode(1, { limits })
  const [address] = victim.addresses()
  const silent = Array.from({ length: 30 }, () => rawSocket(address!))
  await Promise.all(silent.map(({ closed }) => closed))
  expect(victim.peers()).toEqual([])
  await expectService(2, address!, victim)
})

test('CON-11: sockets of one address that come too quickly are turned away', async () => {
  const victim = await startNode(1, { limits: { ...quick, handshakeMs: 60_000, connectionRate: 5 } })
  const [address] = victim.addresses()
  let closed = 0
  for (let i = 0; i < 15; i++) {
    void rawSocket(address!).closed.then(() => {
      closed++
    })
  }
  await until(() => closed >= 5, 'the quickest are turned away')
  await expectService(2, address!, victim)
})

test('CON-11: a frame that is too long ends the connection before its bytes are taken', async () => {
  const received: number[] = []
  const limits = { ...quick, maxMessageBytes: { votes: 1000, data: 5000 } }
  const victim = await startNode(1, {
    limits,
    handlers: { onMessage: (_, __, message) => received.push(message.length) },
  })
  for (const [channel, most] of [
    ['votes', 1000],
    ['data', 5000],
  ] as const) {
    const hostile = await connectHostile(victim.addresses()[0]!)
    await until(() => victim.peers().length === 1, 'connected')
    hostile[channel].write(frame(new Uint8Array(most)))
    await until(() => received.at(-1) === most, 'the longest allowed message arrives')
    hostile[channel].write(frame(new Uint8Array(most + 1)).subarray(0, 10))
    await until(() => victim.peers().length === 0, 'the connection ends')
    expect(victim.counters().get(hostile.id)).toMatchObject({ faults: 1, messagesIn: 1 })
    await closeHostile()
  }
})

test('CON-11: a mark that has no place in a channel ends the connection', async () => {
  const victim = await startNode(1, { limits: quick })
  const hostile = await connectHostile(victim.addresses()[0]!)
  await until(() => victim.peers().length === 1, 'connected')
  hostile.votes.write(Uint8Array.of(0xfe, 0xff, 0xff, 0xff))
  await until(() => victim.peers().length === 0, 'the connection ends')
})

test('CON-11: a flood is read at the rate of the limit, and holds nobody else up', async () => {
  let flooded = 0
  let honestly = 0
  const victim = await startNode(1, {
    limits: { ...quick, messagesPerSecond: 200 },
    handlers: {
      onMessage: (peer) => {
        if (peer === hostile.id) flooded++
        else honestly++
      },
    },
  })
  const hostile = await connectHostile(victim.addresses()[0]!)
  const honest = await startNode(2, { limits: quick })
  honest.keepConnected(victim.addresses()[0]!)
  await until(() => victim.peers().length === 2 && honest.peers().length === 1, 'connected')
  const many = Buffer.concat(Array.from({ length: 50_000 }, () => frame(new Uint8Array(10))))
  const start = performance.now()
  hostile.votes.write(many)
  await until(() => flooded >= 400, 'some of the flood is read')
  for (let i = 0; i < 20; i++) honest.send(victim.id, 'votes', Uint8Array.of(i))
  await until(() => honestly === 20, 'an honest node is heard')
  const seconds = (performance.now() - start) / 1000
  expect(flooded).toBeLessThanOrEqual(200 + 200 * seconds + 50)
  expect(victim.peers().length).toBe(2)
})

test('CON-11: a peer that does not read a channel costs one queue, and still gets the other', async () => {
  const victim = await startNode(1, {
    limits: { ...quick, maxQueueBytes: { votes: 2 ** 16, data: 2 ** 20 } },
  })
  const hostile = await connectHostile(victim.addresses()[0]!)
  await until(() => victim.peers().length === 1, 'connected')
  const sent = 200
  for (let i = 0; i < sent; i++) {
    victim.send(hostile.id, 'data', new Uint8Array(100_000))
    await new Promise((resolve) => setImmediate(resolve))
  }
  const { drops, bytesOut } = victim.counters().get(hostile.id)!
  // A queue of 1 MiB, a window of 256 KiB, and what was being written.
  expect(bytesOut).toBeLessThan(2 * 2 ** 20)
  expect(drops).toBeGreaterThan(sent - 20)
  victim.send(hostile.id, 'votes', Uint8Array.of(1, 2, 3))
  for await (const chunk of hostile.inbound.get(votesProtocol)!.source) {
    expect(chunk.subarray().at(-1)).toBe(3)
    break
  }
})

test('CON-11: a peer that grants endless windows and reads nothing cannot fill the memory', async () => {
  const limits = { ...quick, heartbeatMs: 50 }
  const victim = await startNode(1, { limits })
  const hostile = await connectHostile(victim.addresses()[0]!, { deaf: true })
  await until(() => victim.peers().length === 1, 'connected')
  // Window updates of 2^31 bytes for all streams that the victim, who was dialled, may have opened.
  for (let stream = 2; stream <= 8; stream += 2) {
    hostile.raw(Uint8Array.of(0, 1, 0, 0, 0, 0, 0, stream, 0x7f, 0xff, 0xff, 0xff))
  }
  const before = process.memoryUsage().arrayBuffers
  const message = new Uint8Array(2 ** 20)
  for (let i = 0; i < 300; i++) {
    victim.send(hostile.id, 'data', message)
    await new Promise((resolve) => setImmediate(resolve))
  }
  // The queue holds the same message many times, so what grows is what was copied and encrypted for the socket.
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(32 * 2 ** 20)
  expect(victim.counters().get(hostile.id)!.drops).toBeGreaterThan(200)
})

test('CON-11: a frame of the muxer that no window allows ends the connection', async () => {
  const victim = await startNode(1, { limits: quick })
  const hostile = await connectHostile(victim.addresses()[0]!)
  await until(() => victim.peers().length === 1, 'connected')
  // 1 GiB of data for stream 99, which does not exist.
  hostile.raw(Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 99, 0x40, 0, 0, 0))
  await until(() => victim.peers().length === 0, 'the connection ends')
})

test('CON-11: pings whose answers are not read end the connection', async () => {
  const victim = await startNode(1, { limits: quick })
  const hostile = await connectHostile(victim.addresses()[0]!, { deaf: true })
  await until(() => victim.peers().length === 1, 'connected')
  const ping = Uint8Array.of(0, 2, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1)
  const pings = Buffer.concat(Array.from({ length: 5000 }, () => ping))
  // Far more than the bound and what the sockets of both sides hold.
  for (let i = 0; i < 600 && victim.peers().length === 1; i++) {
    hostile.raw(pings)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
  expect(victim.peers()).toEqual([])
})

test('CON-11: requests that are begun and not finished are bounded and end in time', async () => {
  let asked = 0
  const victim = await startNode(1, {
    limits: { ...quick, requestsPerPeer: 2, answerMs: 500 },
    handlers: {
      onRequest: async function* () {
        asked++
        yield new Uint8Array(1)
      },
    },
  })
  const hostile = await connectHostile(victim.addresses()[0]!)
  await until(() => victim.peers().length === 1, 'connected')
  const begin = async () => {
    const stream = await hostile.connection.newStream(requestProtocol)
    const writer = createWriter()
    stream.sink(writer.source).catch(() => undefined)
    writer.write(Uint8Array.of(100, 0, 0, 0, 1, 2, 3))
    return stream
  }
  const streams = [await begin(), await begin(), await begin()]
  const ends = streams.map(async (stream) => {
    const chunks: Uint8Array[] = []
    try {
      for await (const chunk of stream.source) chunks.push(chunk.subarray())
    } catch {
      return 'reset'
    }
    return Buffer.concat(chunks).toString('hex')
  })
  // The third is told at once that there is no room: the mark 0xfffffffc.
  expect(await ends[2]).toBe('fcffffff')
  expect(await Promise.all(ends.slice(0, 2))).toEqual(['reset', 'reset'])
  expect(asked).toBe(0)
  expect(victim.peers()).toEqual([hostile.id])
})

test('CON-11: an asker that does not read its answer holds it up for answerMs at most', async () => {
  let stopped = false
  const victim = await startNode(1, {
    limits: { ...quick, answerMs: 500 },
    handlers: {
      onRequest: async function* () {
        try {
          for (;;) yield new Uint8Array(100_000)
        } finally {
          stopped = true
        }
      },
    },
  })
  const hostile = await connectHostile(victim.addresses()[0]!)
  await until(() => victim.peers().length === 1, 'connected')
  const stream = await hostile.connection.newStream(requestProtocol)
  const writer = createWriter()
  stream.sink(writer.source).catch(() => undefined)
  writer.write(frame(Uint8Array.of(1)))
  await until(() => stopped, 'the answer is given up')
  expect(victim.counters().get(hostile.id)!.bytesOut).toBeLessThan(2 * 2 ** 20)
})

test('CON-11: a second stream for a channel and streams of unknown protocols are refused', async () => {
  const received: number[] = []
  const victim = await startNode(1, {
    limits: quick,
    handlers: { onMessage: (_, __, message) => received.push(message[0]!) },
  })
  const hostile = await connectHostile(victim.addresses()[0]!)
  await until(() => victim.peers().length === 1, 'connected')
  await hostile.connection
    .newStream(votesProtocol)
    .then(async (stream) => {
      await stream.sink([frame(Uint8Array.of(1))])
      await readAll(stream.source as AsyncIterable<Uint8Array>)
    })
    .catch(() => undefined)
  await expect(hostile.connection.newStream('/ipfs/ping/1.0.0')).rejects.toThrow()
  hostile.votes.write(frame(Uint8Array.of(2)))
  await until(() => received.length > 0, 'the first stream is heard')
  expect(received).toEqual([2])
})
