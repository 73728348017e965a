import { once } from 'node:events'
import { toHex } from '@banyan/base'
import { expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { type RpcAnswer, serve } from './servers.js'
import { ethereumPayment } from './signed.js'

const { instant, wsUrl } = await serve({
  limits: { subscriptionsPerSocket: 2, queuedBytes: 200_000, sockets: 3 },
})

type Notification = {
  readonly method: string
  readonly params: { readonly subscription: string; readonly result: unknown }
}

async function open(options: { origin?: string } = {}) {
  const socket = new WebSocket(wsUrl, options)
  await once(socket, 'open')
  const answers = new Map<unknown, (answer: RpcAnswer) => void>()
  const notifications: Notification[] = []
  socket.on('message', (message) => {
    const value = JSON.parse(String(message)) as RpcAnswer & Notification
    if (value.method === 'eth_subscription') notifications.push(value)
    else answers.get((value as RpcAnswer).id)?.(value)
  })
  let next = 1
  const call = (method: string, ...params: readonly unknown[]): Promise<RpcAnswer> =>
    new Promise((resolve) => {
      const id = next++
      answers.set(id, resolve)
      socket.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }))
    })
  return { socket, call, notifications }
}

test('SDK-4: a connection subscribes, hears of blocks in order, and ends a subscription', async () => {
  const { socket, call, notifications } = await open()
  const { result: id } = await call('eth_subscribe', 'newHeads')
  const from = instant.node.head().header.height
  for (let i = 0; i < 5; i++) instant.mine()
  await call('eth_blockNumber')
  await expect.poll(() => notifications.length).toBe(5)
  const heights = notifications.map(({ params }) => Number((params.result as { number: string }).number))
  expect(heights).toEqual([1, 2, 3, 4, 5].map((i) => from + i))
  expect(notifications.every(({ params }) => params.subscription === id)).toBe(true)
  expect((await call('eth_unsubscribe', id)).result).toBe(true)
  expect((await call('eth_unsubscribe', id)).error?.message).toMatch(/^filter not found/)
  instant.mine()
  await call('eth_blockNumber')
  expect(notifications).toHaveLength(5)
  socket.close()
})

test('SDK-2: blocks come over a connection in the form of the native API', async () => {
  const { socket, call, notifications } = await open()
  await call('eth_subscribe', 'banyanBlocks')
  const { header, id } = instant.mine()
  await expect.poll(() => notifications.length).toBe(1)
  const { result } = notifications[0]!.params
  expect(result).toMatchObject({ height: header.height, id: toHex(id), included: 0 })
  socket.close()
})

test('SDK-4: transactions and batches go over a connection too', async () => {
  const { socket, call, notifications } = await open()
  await call('eth_subscribe', 'newPendingTransactions')
  const { result } = await call('eth_sendRawTransaction', toHex(ethereumPayment(instant)))
  expect((await call('eth_getTransactionReceipt', result)).result).toMatchObject({ status: '0x1' })
  expect(notifications.map(({ params }) => params.result)).toEqual([result])
  socket.close()
})

test('QLT-6: subscriptions, connections and messages are bounded', async () => {
  const { socket, call } = await open()
  await call('eth_subscribe', 'newHeads')
  await call('eth_subscribe', 'logs', {})
  expect((await call('eth_subscribe', 'newHeads')).error).toMatchObject({
    code: -32005,
    data: { code: 'BYN-1953' },
  })
  expect((await call('eth_subscribe', 'everything')).error?.code).toBe(-32602)
  expect((await call('eth_subscribe', 'logs', { address: 7 })).error?.code).toBe(-32602)
  const others = [await open(), await open()]
  const refused = new WebSocket(wsUrl)
  const [error] = (await once(refused, 'error')) as [Error]
  expect(error.message).toContain('503')
  for (const other of others) other.socket.close()
  socket.send(Buffer.alloc(5 * 1024 * 1024, 32))
  const [code] = (await once(socket, 'close')) as [number]
  expect(code).toBe(1009)
})

test('QLT-6: a page of another origin cannot connect', async () => {
  const socket = new WebSocket(wsUrl, { origin: 'https://evil.example' })
  const [error] = (await once(socket, 'error')) as [Error]
  expect(error.message).toContain('403')
})

test('QLT-6: a connection that does not read is closed, and the node goes on', async () => {
  const { socket } = await open()
  let received = 0
  socket.on('message', () => received++)
  const block = { jsonrpc: '2.0', id: 1, method: 'eth_getBlockByNumber', params: ['latest', false] }
  const request = JSON.stringify(Array.from({ length: 100 }, () => block))
  socket.pause()
  const closed = once(socket, 'close')
  // More than the buffers of the system and of the node hold together.
  const count = 300
  for (let i = 0; i < count; i++) {
    socket.send(request)
    if (i % 10 === 9) await new Promise((resolve) => setTimeout(resolve, 10))
  }
  socket.resume()
  await closed
  expect(received).toBeLessThan(count)
  const other = await open()
  expect((await other.call('eth_chainId')).result).toMatch(/^0x/)
  other.socket.close()
})

test('QLT-6: nonsense over a connection gets errors of JSON-RPC', async () => {
  const { socket } = await open()
  const answers: RpcAnswer[] = []
  socket.on('message', (message) => answers.push(JSON.parse(String(message)) as RpcAnswer))
  for (const text of ['', '{', '[]', '7', Buffer.from([0, 255])]) socket.send(text)
  await expect.poll(() => answers.length).toBe(5)
  expect(answers.map(({ error }) => error?.code ?? 0).sort((a, b) => a - b)).toEqual([
    -32700, -32700, -32700, -32600, -32600,
  ])
  socket.close()
})
