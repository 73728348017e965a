import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Hex } from '@banyan/base'
import { errorRegistry } from '@banyan/base'
import { type LocalNetwork, type LocalStatus, startLocal } from '@banyan/local'
import { createClient, ed25519Account, getBalance, newSecret, send } from '@banyan/sdk'
import { createPublicClient, webSocket } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'

let folder: string
let network: LocalNetwork
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'banyan-local-'))
  network = await startLocal({
    folder: join(folder, 'state'),
    port: 0,
    isEphemeral: false,
    hasActivity: false,
    onEvent: () => undefined,
    signal: new AbortController().signal,
  })
})
afterAll(async () => {
  await network.stop()
  rmSync(folder, { recursive: true, force: true })
})

const at = (path: string, init?: RequestInit): Promise<Response> => fetch(`${network.origin}${path}`, init)

async function blockNumber(): Promise<unknown> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_blockNumber', params: [] })
  const headers = { 'content-type': 'application/json' }
  return ((await (await at('/rpc', { method: 'POST', headers, body })).json()) as { result: unknown }).result
}

/** Status of a request with headers that browsers set and programs usually may not. */
function statusWith(
  path: string,
  headers: Readonly<Record<string, string>>,
  method = 'GET',
): Promise<number> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(network.origin)
    request({ hostname, port, path, method, headers }, (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
      .on('error', reject)
      .end()
  })
}

test('QLT-1: pages may load and reach nothing but this origin', async () => {
  for (const path of ['/', '/docs/', '/docs/node', '/docs/errors/1213']) {
    const response = await at(path)
    expect(response.status, path).toBe(200)
    const policy = response.headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("script-src 'self'")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toMatch(/unsafe|\*|https?:/)
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
  }
})

test('DOC-1: every page of the documentation and every error is served without a network, as text alone', async () => {
  const { pages } = (await (await at('/local/docs/')).json()) as { pages: { path: string; title: string }[] }
  expect(pages.map(({ path }) => path)).toEqual(expect.arrayContaining(['cli', 'node', 'rpc', 'errors']))
  const targets = new Set<string>()
  for (const { path, title } of pages) {
    const { html } = (await (await at(`/local/docs/${path}`)).json()) as { html: string }
    expect(title).not.toBe('')
    expect(html, path).not.toMatch(
      /<(script|style|img|iframe|object|form)\b|<[^>]*\son\w+=|href=.javascript/i,
    )
    for (const [, target] of html.matchAll(/href="(\/[^"#]*)/g)) targets.add(target!)
  }
  for (const target of targets) expect((await at(target)).status, target).toBe(200)
  for (const { code, fix } of Object.values(errorRegistry)) {
    const { html } = (await (await at(`/local/docs/errors/${code}`)).json()) as { html: string }
    expect(html).toContain('What to do')
    expect(fix).not.toBe('')
  }
  for (const path of ['none', '..%2fpackage', '%2e%2e%2fREADME', 'errors/9999', 'adr%2f..%2frpc'])
    expect((await at(`/local/docs/${path}`)).status, path).toBe(404)
})

test('QLT-9: names and pages of others cannot reach the network', async () => {
  const host = new URL(network.origin).host
  expect(await statusWith('/v1/status', { host })).toBe(200)
  expect(await statusWith('/v1/status', { host: 'evil.example' })).toBe(403)
  expect(await statusWith('/v1/status', { host, origin: 'http://evil.example' })).toBe(403)
  expect(await statusWith('/local/people', { host, origin: network.origin })).toBe(200)
  // Another port of this machine may ask the chain, as wallets do, but gets neither keys nor money.
  const other = { host, origin: 'http://localhost:3000' }
  expect(await statusWith('/v1/status', other)).toBe(200)
  expect(await statusWith('/local/people', other)).toBe(403)
  expect(await statusWith('/local/people', { host, 'sec-fetch-site': 'same-site' })).toBe(403)
  expect(await statusWith('/local/faucet', other, 'POST')).toBe(403)
  const upgrade = { host: 'evil.example', connection: 'upgrade', upgrade: 'websocket' }
  expect(await statusWith('/ws', upgrade)).toBe(403)
})

test('QLT-1: the origin tells how the parts are, once and as a stream', async () => {
  const status = (await (await at('/local/status')).json()) as LocalStatus
  expect(status).toMatchObject({ chainId: network.chainId, origin: network.origin, isEphemeral: false })
  expect(status.parts.map(({ name }) => name)).toHaveLength(5)
  for (const { state, ports, restarts } of status.parts) {
    expect([state, restarts]).toEqual(['ready', 0])
    for (const port of Object.values(ports)) expect(port).toBeGreaterThan(0)
  }
  const stream = (await at('/local/events')).body!.getReader()
  const text = new TextDecoder().decode((await stream.read()).value)
  expect(text).toMatch(/^event: status\ndata: \{/)
  await stream.cancel()
  const logs = (await (await at('/local/logs/validator-3?lines=5')).json()) as { lines: string[] }
  expect(logs.lines.at(-1)).toContain('"msg":"ready"')
  expect((await at('/local/logs/nobody')).status).toBe(404)
  expect((await at('/local/logs/validator-3?lines=x')).status).toBe(400)
})

test('QLT-1: test money is bounded for each address', async () => {
  const address: Hex = `0x${'5a'.repeat(20)}`
  const ask = () => at('/local/faucet', { method: 'POST', body: JSON.stringify({ address }) })
  const answers = await Promise.all(Array.from({ length: 11 }, ask))
  expect(answers.map(({ status }) => status).sort()).toEqual([...Array<number>(10).fill(200), 429])
  const refused = (await answers.find(({ status }) => status === 429)!.json()) as { error: { name: string } }
  expect(refused.error.name).toBe('FaucetLimited')
  const client = createClient({ url: network.origin })
  while ((await getBalance(client, { address })) < 1_000n * 10n ** 18n)
    await new Promise((resolve) => setTimeout(resolve, 50))
  for (const body of ['{"address":"0x12"}', '[]', 'x'])
    expect((await at('/local/faucet', { method: 'POST', body })).status).toBe(400)
})

test('SDK-3: somebody without money acts, and the sponsor of the local network pays', async () => {
  const client = createClient({ url: network.origin })
  const account = ed25519Account(newSecret())
  const mira = network.people[0]!
  const payer = ed25519Account(mira.secret)
  await send(client, { to: account.address, amount: 5n, account: payer }).final
  const sponsor = { url: `${network.origin}/sponsor` }
  const receipt = await send(client, { to: payer.address, amount: 5n, account, sponsor }).final
  expect(receipt.status).toBe('success')
  expect(await getBalance(client, { address: account.address })).toBe(0n)
  const { sponsor: address } = (await (await at('/local/sponsor')).json()) as { sponsor: Hex }
  expect(await getBalance(client, { address })).toBe(10_000n * 10n ** 18n - receipt.fee)
  const month = new Date().toISOString().slice(0, 7)
  expect((await at(`/sponsor/statements/${month}`)).status).toBe(200)
  const host = new URL(network.origin).host
  const path = `/sponsor/statements/${month}`
  expect(await statusWith(path, { host, origin: 'http://localhost:3000' })).not.toBe(200)
})

test('QLT-1: when a validator ends, requests go to another one, and it comes back', async () => {
  const sockets = createPublicClient({ transport: webSocket(`${network.origin.replace('http', 'ws')}/ws`) })
  expect(await sockets.getBlockNumber()).toBeGreaterThanOrEqual(0n)
  const blocks = await at('/v1/events')
  expect(blocks.headers.get('content-type')).toBe('text/event-stream')
  await blocks.body!.cancel()

  const [first] = network.supervisor.parts
  const pid = first!.pid()!
  process.kill(pid, 'SIGKILL')
  // Before anybody has noticed, while it is gone, and when it is back.
  while (first!.state() !== 'ready' || first!.pid() === pid) {
    expect(await blockNumber()).toMatch(/^0x[0-9a-f]+$/)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  const { parts } = await network.status()
  expect(parts[0]).toMatchObject({ state: 'ready', restarts: 1 })
  expect(existsSync(join(folder, 'state', 'logs', 'validator-1.log'))).toBe(true)
})
