import { createClient, send, watchActivity, watchBlocks, watchConnection, watchLogs } from '@banyan/sdk'
import { createRandom, testSeed } from '@banyan/testing'
import { createFaultProxy } from '@banyan/testing/network'
import { expect, test } from 'vitest'
import { alice, clientOf, freshAddress, useNode } from './node.js'

const node = useNode()

test('SDK-2: over breaks of the connection no block is lost, repeated or out of order', async () => {
  const random = createRandom(testSeed('sdk live'))
  const { hostname, port } = new URL(node.url())
  const proxy = await createFaultProxy({
    target: { host: hostname === 'localhost' ? '127.0.0.1' : hostname, port: Number(port) },
    random: () => random.below(2 ** 32) / 2 ** 32,
  })
  const client = createClient({ url: `http://127.0.0.1:${proxy.port}`, timeoutMs: 2_000 })
  const seen: string[] = []
  const end = watchConnection(client, (connection) => seen.push(connection))
  try {
    const heights: number[] = []
    for await (const { height } of watchBlocks(client)) {
      heights.push(height)
      if (heights.length % 10 === 5) proxy.killConnections()
      if (heights.length === 50) break
    }
    expect(heights).toEqual(heights.map((_, i) => heights[0]! + i))
    expect(seen.filter((connection) => connection === 'live').length).toBeGreaterThan(1)
    expect(seen).toContain('offline')
  } finally {
    end()
    await proxy.close()
  }
})

test('SDK-2: what happens to an account comes once and in order, from an earlier height too', async () => {
  const client = clientOf(node, alice)
  const to = freshAddress()
  const first = await send(client, { to, amount: 1n }).final
  const ids = [first.id]
  const found: string[] = []
  const sender = (async () => {
    for (let i = 2n; i < 6n; i++) ids.push((await send(client, { to, amount: i }).final).id)
  })()
  for await (const { id, movements } of watchActivity(client, { address: to, from: 0 })) {
    expect(movements[0]!.amount).toBe(BigInt(found.length + 1))
    found.push(id)
    if (found.length === 5) break
  }
  await sender
  expect(found).toEqual(ids)
  // All at once, as for somebody who comes late.
  const late: string[] = []
  for await (const { id } of watchActivity(client, { address: to, from: 0 })) {
    if (late.push(id) === 5) break
  }
  expect(late).toEqual(ids)
  const logs: string[] = []
  const topic = `0x${to.slice(2).padStart(64, '0')}` as const
  for await (const { transactionId } of watchLogs(client, { topics: [null, null, [topic]], from: 0 })) {
    logs.push(transactionId)
    if (logs.length === 5) break
  }
  expect(logs).toEqual(ids)
})

test('SDK-2: where no stream comes through, the client asks instead', async () => {
  const without: typeof fetch = (input, init) =>
    String(input).includes('/v1/events') ? Promise.reject(new TypeError('blocked')) : fetch(input, init)
  const client = createClient({ url: node.url(), fetch: without })
  const seen: string[] = []
  const end = watchConnection(client, (connection) => seen.push(connection))
  const heights: number[] = []
  for await (const { height } of watchBlocks(client)) {
    heights.push(height)
    if (heights.length >= 12 && seen.includes('polling')) break
  }
  end()
  expect(heights).toEqual(heights.map((_, i) => heights[0]! + i))
})

test('SDK-2: an iterator ends with the reason of its signal, and the connection with its last listener', async () => {
  let open = 0
  const counted: typeof fetch = async (input, init) => {
    const isStream = String(input).includes('/v1/events')
    if (isStream) {
      open++
      init!.signal!.addEventListener('abort', () => open--)
    }
    return fetch(input, init)
  }
  const client = createClient({ url: node.url(), fetch: counted })
  const abort = new AbortController()
  const watching = (async () => {
    for await (const { height } of watchBlocks(client, { signal: abort.signal })) {
      if (height > 0) abort.abort(new Error('enough'))
    }
  })()
  await expect(watching).rejects.toThrow('enough')
  expect(open).toBe(0)
})
