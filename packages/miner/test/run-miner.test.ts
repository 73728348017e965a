import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { native } from '@banyan/crypto/native'
import { folderRegistry } from '@banyan/dservice/node'
import { type Isolation, openPlainProcess } from '@banyan/isolation'
import { type Miner, type MinerSetting, runMiner } from '@banyan/miner'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { authorityKey, publishSample } from './sample.js'
import { openSmallRegion } from './small-region.js'

const folder = mkdtempSync(join(tmpdir(), 'banyan-miner-'))
afterAll(() => rmSync(folder, { recursive: true }))

const registry = join(folder, 'registry')
beforeAll(async () => {
  await publishSample(folder, registry, '1.0.0', 'developer', 'authority')
  await publishSample(folder, registry, '2.0.0', 'developer')
})

let region: Awaited<ReturnType<typeof openSmallRegion>>
let isolation: Isolation
let miner: Miner | undefined
const lines: string[] = []
beforeEach(async () => {
  region = await openSmallRegion()
  isolation = await openPlainProcess(true)
})
afterEach(async () => {
  await miner?.stop(100)
  miner = undefined
  await isolation.close()
  await region.close()
})

const chosen = [{ name: 'sample', version: '1.0.0' }]
const settingOf = (change: Partial<MinerSetting> = {}): MinerSetting => ({
  region: region.url,
  name: 'home-1',
  key: 'a-token',
  ca: undefined,
  chosen,
  registry: folderRegistry(registry),
  authorities: [authorityKey],
  folder: join(folder, 'data'),
  isolation,
  instances: 2,
  recycleAfter: 1_000,
  conditions: {},
  statusPort: 0,
  print: (line) => lines.push(line),
  ...change,
})
const connected = () => expect.poll(() => region.offers.length, { timeout: 10_000 }).toBeGreaterThan(0)
const ask = (path: string, body?: Uint8Array) => region.ask('sample', '1.0.0', path, body)

describe('CMP-5: a miner', { timeout: 30_000 }, () => {
  test('CMP-5: it works on requests, measures them, and tells its state to its owner alone', async () => {
    miner = await runMiner(settingOf())
    await connected()
    expect(region.credentials).toEqual(['home-1 Bearer a-token'])
    expect(region.offers[0]).toMatchObject({
      draining: false,
      services: [{ name: 'sample', version: '1.0.0', concurrency: 4 }],
    })
    const { status, text, usage } = await ask('/work')
    expect(status).toBe(418)
    expect(text).toMatch(/^\d+ 1$/)
    expect(usage.cpuMs).toBeGreaterThan(50)
    expect(usage.peakMemoryBytes).toBeGreaterThan(10e6)
    const large = new Uint8Array(60_000).fill(97)
    expect((await ask('/echo', large)).text).toBe('a'.repeat(60_000))

    const report = await (await fetch(miner.statusAddress)).json()
    expect(report).toMatchObject({
      miner: 'home-1',
      connection: 'connected',
      isolation: { driver: 'process', level: 'none' },
      traffic: { requests: 2, failed: 0, bytesIn: 60_000 },
      dservices: [{ name: 'sample', version: '1.0.0', pool: { crashed: 0 } }],
    })
    expect(JSON.stringify(report)).not.toContain('a-token')
    const { port } = new URL(miner.statusAddress)
    const strange = await statusFor(Number(port), 'evil.example')
    expect(strange).toBe(403)
    expect(await statusFor(Number(port), 'localhost')).toBe(200)
  })

  test('CMP-5: a DService that is not certified, or not chosen, is not run', async () => {
    await expect(
      runMiner(settingOf({ chosen: [{ name: 'sample', version: '2.0.0' }] })),
    ).rejects.toMatchObject({
      kind: 'SignatureMissing',
    })
    const stranger = [native.ed25519.publicKey(new Uint8Array(32).fill(9))]
    await expect(runMiner(settingOf({ authorities: stranger }))).rejects.toMatchObject({
      kind: 'AuthorityUnknown',
    })
    miner = await runMiner(settingOf({ isolation: await openPlainProcess(true) }))
    await connected()
    await expect(region.ask('sample', '2.0.0', '/')).rejects.toThrow(/does not offer sample@2.0.0/)
  })

  test('CMP-3: an instance that dies fails its request alone, and is replaced', async () => {
    miner = await runMiner(settingOf())
    await connected()
    const first = (await ask('/work')).text.split(' ')[0]
    await expect(ask('/die')).rejects.toThrow(/did not answer as it should/)
    expect((await ask('/work')).text.split(' ')[0]).not.toBe(first)
    expect(miner.state().traffic).toMatchObject({ requests: 3, failed: 1 })
  })

  test('CMP-5: it connects again after a break', async () => {
    miner = await runMiner(settingOf())
    await connected()
    region.cut()
    await expect.poll(() => region.offers.length, { timeout: 10_000 }).toBeGreaterThan(1)
    expect((await ask('/work')).status).toBe(418)
  })

  test('CMP-5: while its conditions are not met it offers nothing and refuses', async () => {
    const now = new Date()
    const minute = now.getHours() * 60 + now.getMinutes()
    // Hours that have just ended, with room for a minute that passes.
    const hours = { from: (minute + 1_430) % 1_440, until: (minute + 1_435) % 1_440 }
    miner = await runMiner(settingOf({ conditions: { hours } }))
    await connected()
    expect(region.offers[0]).toMatchObject({ services: [] })
    await expect(ask('/work')).rejects.toThrow(/does not work now: it works from/)
    expect(miner.state().resting).toMatch(/it works from/)
  })

  test('CMP-4: at its stop it finishes what it has begun, and takes no more', async () => {
    miner = await runMiner(settingOf())
    await connected()
    const slow = ask('/slow?ms=700')
    await expect.poll(() => miner!.state().dservices[0]!.pool.active, { timeout: 5_000 }).toBe(1)
    const stopping = miner.stop(10_000)
    await expect.poll(() => region.offers.at(-1)?.draining).toBe(true)
    await expect(ask('/work')).rejects.toThrow()
    expect((await slow).text).toBe('late')
    await stopping
    await expect(fetch(miner.statusAddress)).rejects.toThrow()
    miner = undefined
  })
})

function statusFor(port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    import('node:http').then(({ request }) => {
      const asked = request({ host: '127.0.0.1', port, path: '/status', headers: { host } }, (answer) => {
        answer.resume()
        resolve(answer.statusCode ?? 0)
      })
      asked.once('error', reject)
      asked.end()
    }, reject)
  })
}
