import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ComputeStatus } from '@banyan/local/api'
import { afterAll, beforeAll, expect, test } from 'vitest'

/** One validator with all that computes, in a process that can be killed. The tests follow each other. */

const isHere = process.platform === 'linux' && process.arch === 'x64'
const reason = isHere ? '' : ' (skipped: Darkroom is packed for linux-x64)'

const program = (folder: string): string => `
  import { startLocal } from '@banyan/local'
  const network = await startLocal({
    folder: ${JSON.stringify(folder)}, port: 0, isEphemeral: false, isLite: true, hasCompute: true, hasActivity: false,
    onEvent: () => undefined, signal: new AbortController().signal,
  })
  console.log(network.origin)`

let folder: string
let supervisor: ChildProcess
let origin: string
let compute: ComputeStatus

beforeAll(async () => {
  if (!isHere) return
  folder = mkdtempSync(join(tmpdir(), 'banyan-compute-'))
  supervisor = spawn(process.execPath, ['--input-type=module', '-e', program(folder)], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = (await once(supervisor.stdout!.setEncoding('utf8'), 'data')) as [string]
  origin = line.trim()
  const end = Date.now() + 90_000
  do {
    await new Promise((resolve) => setTimeout(resolve, 200))
    compute = (await (await fetch(`${origin}/local/compute`)).json()) as ComputeStatus
  } while (compute.state === 'starting' && Date.now() < end)
}, 120_000)
afterAll(() => {
  if (!isHere) return
  supervisor.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

type Answer = {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly bytes: Buffer
}

/** With headers that browsers set and programs usually may not. */
function ask(
  path: string,
  headers: Readonly<Record<string, string>> = {},
  method = 'GET',
  body?: Buffer,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    request(`${origin}${path}`, { method, headers }, (response) => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('end', () =>
        resolve({ status: response.statusCode!, headers: response.headers, bytes: Buffer.concat(parts) }),
      )
    })
      .on('error', reject)
      .end(body)
  })
}

/** Ids of all processes below one, and of what was started in its name elsewhere, as podman does. */
function processesOf(pid: number): readonly number[] {
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  const found = all
    .filter((id) => parentOf(id) === pid || commandOf(id).includes(`banyan-${pid}-`))
    .map(Number)
  return [...found, ...found.flatMap(processesOf)]
}

function parentOf(id: string): number {
  return Number(
    textOf(`/proc/${id}/stat`)
      .replace(/^.*\) . /s, '')
      .split(' ')[0],
  )
}

const commandOf = (id: string): string => textOf(`/proc/${id}/cmdline`)

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return !/\) Z /.test(textOf(`/proc/${pid}/stat`))
  } catch {
    return false
  }
}

test.skipIf(!isHere)(
  `CMP-1: a picture is made on a miner, through the origin, by one address${reason}`,
  async () => {
    expect(compute).toMatchObject({ ready: true, reason: null, services: ['darkroom'] })
    expect(compute.sample.curl).toContain(`'${origin}${compute.sample.path}'`)
    const made = await ask(compute.sample.path)
    expect([made.status, made.headers['content-type']]).toEqual([200, 'image/jpeg'])
    expect(made.bytes.subarray(0, 3)).toEqual(Buffer.from([0xff, 0xd8, 0xff]))
    // What a service answers gets no power over the origin.
    expect(made.headers['content-security-policy']).toContain('sandbox')
    const picture = await ask(compute.sample.input)
    const sent = await ask(
      '/compute/darkroom/io?script=thumbnail&width=200&type=png',
      {},
      'POST',
      picture.bytes,
    )
    expect([sent.status, sent.headers['content-type']]).toEqual([200, 'image/png'])
    for (const path of ['/local/samples/none.jpg', '/local/samples/..%2fpackage.json'])
      expect((await ask(path)).status).toBe(404)
  },
)

test.skipIf(!isHere)(
  `CMP-1, QLT-9: pages elsewhere cannot work with the keys of the network${reason}`,
  async () => {
    const { path } = compute.sample
    const elsewhere = { origin: 'http://localhost:3000' }
    expect((await ask(path, elsewhere)).status).toBe(403)
    expect((await ask(path, { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' })).status).toBe(
      403,
    )
    // Not even by a link that somebody follows.
    expect((await ask(path, { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' })).status).toBe(
      403,
    )
    expect((await ask(path, { 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate' })).status).toBe(200)
    expect((await ask('/local/compute', elsewhere)).status).toBe(403)
    // With a key of its own it may.
    const wrong = await ask(path, { ...elsewhere, authorization: 'Bearer nothing' })
    expect([wrong.status, wrong.headers['access-control-allow-origin']]).toEqual([401, elsewhere.origin])
    expect(
      (await ask(path, { ...elsewhere, 'access-control-request-method': 'POST' }, 'OPTIONS')).status,
    ).toBe(204)
  },
)

test.skipIf(!isHere)(
  `CMP-1, BIL-1: what was made is charged, and settled on the chain at a word${reason}`,
  async () => {
    type Period = { readonly rows: number; readonly collected: string; readonly paid: string }
    expect((await ask('/compute/_banyan/settle', {}, 'POST')).status).toBe(403)
    const settled = await ask('/compute/_banyan/settle', { 'banyan-as': 'operator' }, 'POST')
    const period = JSON.parse(settled.bytes.toString()) as Period
    expect(period.rows).toBeGreaterThanOrEqual(3)
    expect(period.paid).toBe(period.collected)
    expect((await ask('/compute/_banyan/earnings', { 'banyan-as': 'developer' })).status).toBe(200)
    expect((await ask('/compute/_banyan/spend', { 'banyan-as': 'nobody' })).status).toBe(400)
  },
)

test.skipIf(!isHere)(
  `CMP-1, QLT-1: a supervisor that is killed takes all that computes with it${reason}`,
  async () => {
    const all = processesOf(supervisor.pid!)
    // A validator, central, the region, two miners, and what they have started.
    expect(all.length).toBeGreaterThan(6)
    supervisor.kill('SIGKILL')
    await expect.poll(() => all.filter(isAlive), { timeout: 15_000, interval: 100 }).toEqual([])
  },
  20_000,
)
