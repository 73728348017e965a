import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { enroll, genesisIdOf, makeNetwork, readKeys } from '@banyan/node/program'
import { type NodeProcess, runNodeCommand, startNodeProcess } from '@banyan/testing/cluster'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { plan } from './plan.js'

const rich = `0x${'ab'.repeat(20)}`

let folder: string
let network: string
let running: NodeProcess[] = []

/** Free ports, and no more threads than the test needs. */
const options = [
  ...['--rpc-port', '0', '--admin-port', '0', '--listen', '/ip4/127.0.0.1/tcp/0'],
  ...['--threads', '1', '--peers', ''],
]

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'banyan-program-'))
  network = join(folder, 'network')
  const accounts = join(folder, 'accounts.json')
  await writeFile(accounts, JSON.stringify([{ address: rich, balance: '12.5' }]))
  const flags = ['--validators', '1', '--heartbeat', '200', '--accounts', accounts]
  const made = await runNodeCommand(['init', '--folder', network, ...flags])
  expect(made.code, made.output).toBe(0)
})

afterEach(async () => {
  for (const node of running) node.signal('SIGKILL')
  await Promise.all(running.map(({ exited }) => exited))
  running = []
})

afterAll(() => rm(folder, { recursive: true }))

const config = (): string => join(network, 'node-0', 'config.json')

function start(...more: string[]): NodeProcess {
  const node = startNodeProcess(['run', '--config', config(), ...options, ...more])
  running.push(node)
  return node
}

/** Runs a node that cannot start, and returns what it tells its user. */
async function refusal(...more: string[]): Promise<string> {
  const node = start(...more)
  expect((await node.exited).code, node.output()).toBe(2)
  const errors = node
    .output()
    .split('\n')
    .filter((line) => !line.startsWith('{'))
    .join('\n')
  expect(errors).toMatch(/^BYN-\d{4}: .+\n {2}why: .+\n {2}fix: .+\n {2}docs\/errors\.md#byn-\d{4}\n$/)
  return errors
}

async function metric(admin: string, name: string): Promise<number> {
  const text = await (await fetch(`${admin}/metrics`)).text()
  return Number(new RegExp(`^${name} (.+)$`, 'm').exec(text)?.[1])
}

async function until(done: () => Promise<boolean>): Promise<void> {
  while (!(await done())) await new Promise((resolve) => setTimeout(resolve, 20))
}

test('QLT-9: no log shows keys, and a node ends with its parent', async () => {
  const path = join(network, 'node-0', 'keys.json')
  const node = start('--log-level', 'debug')
  await node.ready
  node.endInput()
  expect(await node.exited).toEqual({ code: 0, signal: null })
  expect(node.output()).toContain('"reason":"parent"')
  const { version, ...secrets } = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>
  expect(version).toBe(1)
  expect(Object.values(secrets)).toHaveLength(3)
  for (const secret of Object.values(secrets)) expect(node.output()).not.toContain(String(secret).slice(2))
})

test('LED-9: a node serves its APIs, tells how it is, and goes on where it was after a signal', async () => {
  const first = start()
  const { rpc, admin, height } = await first.ready
  expect(height).toBe(0)
  await until(async () => (await metric(admin, 'banyan_final_height')) >= 3)
  const status = (await (await fetch(`${rpc}/v1/status`)).json()) as { height: number; ready: boolean }
  expect(status).toMatchObject({ ready: true })
  for (const url of [`${admin}/health`, `${admin}/ready`, `${rpc}/health`, `${rpc}/ready`]) {
    expect((await fetch(url)).status, url).toBe(200)
  }
  expect((await fetch(`${admin}/else`)).status).toBe(404)
  for (const name of ['view', 'mempool_transactions', 'evidence', 'fork_alarm', 'finality_seconds_count']) {
    expect(await metric(admin, `banyan_${name}`), name).toBeGreaterThanOrEqual(0)
  }

  const balance = await (await fetch(`${rpc}/v1/accounts/${rich}`)).json()
  expect(balance).toMatchObject({ balance: String(125n * 10n ** 17n) })
  const refused = await fetch(rpc, {
    method: 'POST',
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_sendRawTransaction', params: ['0x7a00'] }),
  })
  expect(await refused.json()).toHaveProperty('error')
  expect(await (await fetch(`${admin}/metrics`)).text()).toMatch(
    /^banyan_transactions_refused_total\{code="BYN-\d+"\} 1$/m,
  )

  first.signal('SIGTERM')
  expect(await first.exited).toEqual({ code: 0, signal: null })
  const second = start()
  expect((await second.ready).height).toBeGreaterThanOrEqual(3)
  expect(second.output()).not.toContain('BYN-2004')
})

test('a port that is taken is told in one sentence, with what to do', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as { port: number }
  expect(await refusal('--rpc-port', String(port))).toMatch(/^BYN-1964/)
  server.close()
})

test('a folder of another chain, and one that another process uses, are refused; a second signal ends a node at once', async () => {
  const other = join(folder, 'other')
  await makeNetwork(other, 1, plan)
  const node = start()
  await node.ready
  expect(await refusal()).toMatch(/^BYN-1504/)
  node.signal('SIGINT')
  node.signal('SIGTERM')
  // The first may have been enough before the second came, and the system may hand them over in either order.
  expect([0, 130, 143]).toContain((await node.exited).code)
  expect(await refusal('--genesis', join(other, 'genesis.json'))).toMatch(/^BYN-1508/)
})

test('CON-10: a validator that has lost what it signed follows without voting, and says so', async () => {
  const place = join(folder, 'lost')
  await makeNetwork(place, 2, plan)
  const own = join(place, 'node-0')
  await rm(join(own, 'data', 'signer'), { recursive: true })
  const node = startNodeProcess(['run', '--config', join(own, 'config.json'), ...options])
  running.push(node)
  const { admin } = await node.ready
  expect(node.output()).toContain('"code":"BYN-2004"')
  expect(await metric(admin, 'banyan_voting')).toBe(0)
  expect((await fetch(`${admin}/ready`)).status, 'it hears nobody').toBe(503)
})

test('CON-10: a party makes its own keys, and a genesis is made of public parts', async () => {
  const keys = join(folder, 'own', 'keys.json')
  const { code, output } = await runNodeCommand(['keys', '--out', keys])
  expect(code, output).toBe(0)
  const path = join(folder, 'own', 'public.json')
  await writeFile(path, output)
  const genesis = join(folder, 'shared.json')
  const made = await runNodeCommand(['genesis', '--out', genesis, '--validators', path])
  expect(made.code, made.output).toBe(0)
  const place = ['--genesis', genesis, '--keys', keys, '--folder', join(folder, 'own')]
  expect((await runNodeCommand(['enroll', ...place])).code).toBe(0)
  await expect(
    enroll(join(folder, 'own'), await genesisIdOf(genesis), await readKeys(keys)),
    'a key is enrolled once',
  ).rejects.toMatchObject({ kind: 'SignerExists' })

  const node = startNodeProcess(['run', ...place, '--role', 'validator', ...options])
  running.push(node)
  expect(await metric((await node.ready).admin, 'banyan_voting')).toBe(1)
})
