import { createHash } from 'node:crypto'
import { connectMiner, type MinerConnection, type MinerState, type WorkHandler } from '@banyan/tunnel/node'
import { afterEach, describe, expect, test } from 'vitest'
import { ask, startRegion } from './region-stand-in.js'

const usage = { cpuMs: 2, peakMemoryBytes: 1_024 }
const ends: (() => unknown)[] = []

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

/** Answers with what it was sent, piece by piece. */
const echo: WorkHandler = async (request) => ({
  status: 200,
  headers: ['x-path', request.path],
  body: request.body,
  usage: () => usage,
})

async function start(handler: WorkHandler, key = 'secret') {
  const region = await startRegion('secret')
  const states: MinerState[] = []
  const miner: MinerConnection = connectMiner(
    {
      url: region.url,
      miner: 'm-1',
      key,
      services: [{ name: 'echo', version: '1', concurrency: 4, warm: true }],
      maxRequests: 4,
      changed: (state) => states.push(state),
    },
    handler,
  )
  ends.push(region.close, miner.close)
  return { region, miner, states }
}

describe('CMP-2: bodies over a real socket', () => {
  test('CMP-2: 24 MiB go to a miner and back, whole and in order', async () => {
    const { region } = await start(echo)
    const body = Buffer.alloc(24 * 2 ** 20)
    for (let i = 0; i < body.length; i += 4_096) body.writeUInt32LE(i, i)
    const outcome = await ask(await region.miner(), body)
    if (outcome.kind !== 'answered') return expect(outcome.kind).toBe('answered')
    const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
    expect(digest(outcome.body)).toBe(digest(body))
    expect(outcome.usage).toEqual(usage)
  })

  test('CMP-2: many requests at the same time share the tunnel', async () => {
    const { region } = await start(async (request) => {
      const parts: Uint8Array[] = []
      for await (const part of request.body) parts.push(part)
      return { status: 201, headers: [], body: Buffer.concat(parts), usage: () => usage }
    })
    const tunnel = await region.miner()
    const bodies = Array.from({ length: 4 }, (_, i) => Buffer.alloc(300_000, i))
    const outcomes = await Promise.all(bodies.map((body) => ask(tunnel, body)))
    expect(
      outcomes.map((outcome, i) => outcome.kind === 'answered' && outcome.body.equals(bodies[i]!)),
    ).toEqual(bodies.map(() => true))
  })
})

describe('CMP-3: failures on a real socket', () => {
  test('CMP-3: a handler that rejects is a failure of the miner, not an answer', async () => {
    const { region } = await start(() => Promise.reject(new Error('no container')))
    expect(await ask(await region.miner(), Buffer.alloc(1))).toEqual({
      kind: 'failed',
      reason: 'Error: no container',
      busy: false,
    })
  })

  test('CMP-3: a cancellation aborts the work', async () => {
    let aborted: (value: string) => void = () => undefined
    const reason = new Promise<string>((resolve) => {
      aborted = resolve
    })
    const { region } = await start(
      (request) =>
        new Promise((_, reject) => {
          request.signal.addEventListener('abort', () => {
            aborted((request.signal.reason as Error).message)
            reject(request.signal.reason)
          })
        }),
    )
    const tunnel = await region.miner()
    void ask(tunnel, Buffer.alloc(1), (stream) => tunnel.cancel(stream, 'the client went away'))
    expect(await reason).toContain('the client went away')
  })

  test('CMP-3: work of a tunnel that breaks has failed, and the miner comes back', async () => {
    const { region } = await start((request) =>
      request.deadlineMs > 0 ? new Promise(() => undefined) : Promise.reject(new Error('late')),
    )
    const tunnel = await region.miner()
    const outcome = await ask(tunnel, Buffer.alloc(1), () => tunnel.close())
    expect(outcome).toMatchObject({ kind: 'failed', busy: false })
    expect(await region.miner()).toBeDefined()
  })

  test('CMP-4: a miner that drains says so and ends its work first', async () => {
    const { region, miner } = await start(echo)
    const tunnel = await region.miner()
    const outcome = ask(tunnel, Buffer.alloc(100_000))
    await outcome
    await miner.drain()
    expect(await ask(tunnel, Buffer.alloc(1))).toMatchObject({ kind: 'failed', busy: true })
    expect(region.offers.at(-1)?.draining).toBe(true)
  })
})

describe('CMP-17: who is let in', () => {
  test('CMP-17: a wrong key is refused before there is a tunnel', async () => {
    const { states } = await start(echo, 'wrong')
    await expect.poll(() => states.at(-1)?.kind).toBe('waiting')
    expect(states.at(-1)).toMatchObject({ error: { kind: 'TunnelRefused' } })
  })
})
