import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { createFaultProxy, type FaultProxy } from '@banyan/testing/network'
import { afterEach, beforeEach, expect, test } from 'vitest'

let server: Server
let proxy: FaultProxy
let clients: Socket[]

beforeEach(async () => {
  clients = []
  server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => undefined)
    socket.pipe(socket)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  proxy = await createFaultProxy({ target: { host: '127.0.0.1', port }, random: () => 0.5 })
})

afterEach(async () => {
  for (const client of clients) client.destroy()
  await proxy.close()
  expect(proxy.connections()).toBe(0)
  const closed = once(server, 'close')
  server.close()
  await closed
})

/** A connection to the echo server through the proxy, and how many bytes came back. */
async function dial(): Promise<{ readonly socket: Socket; readonly echoed: () => number }> {
  const socket = connect({ port: proxy.port, host: '127.0.0.1', allowHalfOpen: true })
  clients.push(socket)
  let echoed = 0
  socket.on('data', (chunk) => {
    echoed += chunk.length
  })
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  return { socket, echoed: () => echoed }
}

async function until(condition: () => boolean): Promise<void> {
  const end = Date.now() + 60_000
  while (!condition()) {
    if (Date.now() > end) throw new Error('in vain')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

/** Unlike `once`, this does not mind the error before it. */
const closing = (socket: Socket) => new Promise<void>((resolve) => socket.once('close', () => resolve()))

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

test('the fault proxy passes all bytes and the end of a side', async () => {
  const { socket, echoed } = await dial()
  socket.end(Buffer.alloc(5_000_000))
  await Promise.all([once(socket, 'end'), until(() => echoed() === 5_000_000)])
  expect(proxy.passedBytes()).toBe(10_000_000)
  await until(() => proxy.connections() === 0)
})

test('the fault proxy holds bytes back while it is partitioned, and passes them when it is healed', async () => {
  const { socket, echoed } = await dial()
  socket.write('before')
  await until(() => echoed() === 6)
  proxy.partition()
  socket.write('during')
  await pause(100)
  expect(echoed()).toBe(6)
  expect(proxy.connections()).toBe(1)
  proxy.heal()
  await until(() => echoed() === 12)
})

// Lower bounds only: a busy machine makes everything later, never earlier.
test('the fault proxy delays and slows what passes', async () => {
  const { socket, echoed } = await dial()
  proxy.delay(100)
  const start = performance.now()
  socket.write('x')
  await until(() => echoed() === 1)
  expect(performance.now() - start).toBeGreaterThan(150)
  proxy.delay(0)
  proxy.throttle(100_000)
  const slowStart = performance.now()
  socket.write(Buffer.alloc(20_000))
  await until(() => echoed() === 20_001)
  expect(performance.now() - slowStart).toBeGreaterThan(150)
})

test('the fault proxy resets connections on request and by chance', async () => {
  const [first, second] = [await dial(), await dial()]
  await until(() => proxy.connections() === 2)
  const closed = Promise.all([closing(first.socket), closing(second.socket)])
  expect(proxy.killConnections()).toBe(2)
  await closed
  const third = await dial()
  proxy.killRate(0.4)
  third.socket.write('x')
  await until(() => third.echoed() === 1)
  proxy.killRate(0.6)
  const end = closing(third.socket)
  third.socket.write('x')
  await end
  expect(third.echoed()).toBe(1)
})
