import { mkdtempSync, rmSync } from 'node:fs'
import { get } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type LocalNetwork, type StartEvent, startLocal } from '@banyan/local'
import { createPublicClient, webSocket } from 'viem'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'

let folder: string
let network: LocalNetwork
const events: StartEvent[] = []
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'banyan-hanging-'))
  network = await startLocal({
    folder: join(folder, 'state'),
    port: 0,
    isEphemeral: false,
    hasActivity: false,
    onEvent: (event) => events.push(event),
    signal: new AbortController().signal,
  })
})
afterAll(async () => {
  for (const { pid } of network.supervisor.parts) process.kill(pid()!, 'SIGCONT')
  await network.stop()
  rmSync(folder, { recursive: true, force: true })
})

const patience = { timeout: 30_000, interval: 100 }

test('QLT-1: the state of the network names a validator that hangs, and what helps', async () => {
  const [, victim] = network.supervisor.parts
  process.kill(victim!.pid()!, 'SIGSTOP')
  const hanging = await vi.waitFor(async () => {
    const { parts } = await network.status()
    const found = parts.filter(({ state }) => state !== 'ready')
    expect(found).toMatchObject([{ name: victim!.name, state: 'hangs' }])
    return found[0]!
  }, patience)
  expect(hanging.problem).toMatchObject({
    message: expect.stringMatching(
      new RegExp(`^${victim!.name}, process ${victim!.pid()}, has not answered for \\d+ s\\.$`),
    ),
    fix: expect.stringContaining(`kill -CONT ${victim!.pid()}`),
  })
  process.kill(victim!.pid()!, 'SIGCONT')
  await vi.waitFor(async () => {
    const { parts } = await network.status()
    expect(parts.every(({ state, problem }) => state === 'ready' && problem === null)).toBe(true)
  }, patience)
  const told = events.filter(({ kind }) => kind === 'hangs' || kind === 'answers')
  expect(told).toMatchObject([
    { kind: 'hangs', part: victim!.name, problem: { code: hanging.problem!.code } },
    { kind: 'answers', part: victim!.name },
  ])
})

// Clients stay with one validator, and nobody is told with which: each of them hangs once.
test('QLT-1: a validator that hangs holds up no request and no new socket', async () => {
  for (const { pid } of network.supervisor.parts) {
    process.kill(pid()!, 'SIGSTOP')
    const status = await fetch(`${network.origin}/v1/status`, { signal: AbortSignal.timeout(10_000) })
    expect(status.status).toBe(200)
    const client = createPublicClient({
      transport: webSocket(`${network.origin.replace('http', 'ws')}/ws`, { timeout: 10_000, retryCount: 0 }),
    })
    expect(await client.getBlockNumber()).toBeGreaterThanOrEqual(0n)
    ;(await client.transport.getRpcClient()).close()
    process.kill(pid()!, 'SIGCONT')
  }
})

test('QLT-1: sockets and streams of a validator that hangs end, so that clients open them anew', async () => {
  const { port } = new URL(network.origin)
  const socket = connect(Number(port), '127.0.0.1')
  socket.write(
    'GET /ws HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
  )
  await new Promise((resolve) => socket.once('data', resolve))
  const ended = [new Promise((resolve) => socket.once('close', resolve))]
  await new Promise<void>((resolve) => {
    get(`${network.origin}/v1/events`, (response) => {
      ended.push(new Promise((end) => response.once('close', end)))
      response.on('error', () => undefined).resume()
      resolve()
    }).on('error', () => undefined)
  })
  for (const { pid } of network.supervisor.parts) process.kill(pid()!, 'SIGSTOP')
  await Promise.all(ended)
})
