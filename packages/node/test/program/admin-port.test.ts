import { mkdtemp, rm } from 'node:fs/promises'
import { type OutgoingHttpHeaders, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeNetwork, readConfiguration, type StartedNode, startNode } from '@banyan/node/program'
import { createLog } from '@banyan/program/run'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { plan } from './plan.js'

let folder: string
let node: StartedNode | undefined
let admin: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'banyan-admin-'))
  await makeNetwork(folder, 1, plan)
  const config = join(folder, 'node-0', 'config.json')
  const changes = {
    ...{ rpcPort: '0', adminPort: '0', threads: '1', listen: '/ip4/127.0.0.1/tcp/0' },
    adminNames: 'metrics.example',
  }
  const giveUp = (error: unknown): void => expect.unreachable(String(error))
  node = await startNode(
    await readConfiguration({ config, ...changes }, {}),
    createLog('error').write,
    giveUp,
  )
  admin = String(node.ready['admin'])
})

afterAll(async () => {
  await node?.drain()
  await node?.stop()
  await rm(folder, { recursive: true })
})

/** Asks for /metrics with headers that `fetch` does not let a program choose. */
function askMetrics(
  admin: string,
  headers: OutgoingHttpHeaders,
): Promise<{ readonly status: number | undefined; readonly text: string }> {
  return new Promise((resolve, reject) => {
    request(`${admin}/metrics`, { headers }, async (response) => {
      let text = ''
      for await (const part of response.setEncoding('utf8')) text += part
      resolve({ status: response.statusCode, text })
    })
      .on('error', reject)
      .end()
  })
}

test('QLT-9: the admin port answers under names of this machine and those it was given, and to no web page elsewhere', async () => {
  for (const host of ['localhost:9545', 'metrics.example']) {
    expect((await askMetrics(admin, { host })).status, host).toBe(200)
  }
  for (const headers of [{ host: 'rebound.example' }, { origin: 'https://page.example' }]) {
    const { status, text } = await askMetrics(admin, headers)
    expect(status).toBe(403)
    expect(JSON.parse(text)).toMatchObject({ error: { code: 'BYN-1960', name: 'OriginRefused' } })
  }
})

async function syncsOf(name: string): Promise<number> {
  const { text } = await askMetrics(admin, {})
  const line = new RegExp(`^banyan_disk_sync_seconds_count{folder="${name}"} (\\d+)$`, 'm')
  return Number(line.exec(text)?.[1])
}

test('the syncs of each folder are counted and timed, those that come with every block too', async () => {
  expect(await syncsOf('mempool')).toBeGreaterThan(0)
  for (const name of ['chain', 'signer']) {
    const before = await syncsOf(name)
    // What the folder itself needs is done; from here on files are synced.
    await expect.poll(() => syncsOf(name), { timeout: 20_000 }).toBeGreaterThan(before + 1)
  }
})
