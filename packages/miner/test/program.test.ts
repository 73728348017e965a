import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { minerOptions } from '@banyan/miner/options'
import { readMinerOptions } from '@banyan/miner/program'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { authorityText, publishSample } from './sample.js'
import { openSmallRegion } from './small-region.js'

const program = fileURLToPath(new URL('../bin/banyan-miner.js', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'banyan-join-'))
afterAll(() => rmSync(folder, { recursive: true }))
const registry = join(folder, 'registry')
const token = join(folder, 'token')
beforeAll(async () => {
  writeFileSync(token, 'a-token\n', { mode: 0o600 })
  await publishSample(folder, registry, '1.0.0', 'developer', 'authority')
})

function start(region: string, ...extra: readonly string[]) {
  const words = [
    ...['join', region, '--name', 'home-1', '--token-file', token, '--registry', registry],
    ...['--dservices', 'sample@1.0.0', '--authorities', authorityText, '--data', join(folder, 'data')],
    ...['--status-port', '0', '--isolation', 'process', ...extra],
  ]
  const child: ChildProcess = spawn(process.execPath, [program, ...words])
  let talk = ''
  child.stderr?.on('data', (part: Buffer) => {
    talk += part.toString()
  })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  return { child, talk: () => talk, ended }
}

describe('CMP-5: the program banyan-miner', () => {
  test('CMP-5: it joins by one command, works, and ends in order', { timeout: 60_000 }, async () => {
    const region = await openSmallRegion()
    const { child, talk, ended } = start(region.url.href, '--allow-plain-process')
    await expect.poll(() => region.offers.length, { timeout: 30_000, message: talk() }).toBeGreaterThan(0)
    expect(talk()).toMatch(/isolation: process, level none/)
    expect((await region.ask('sample', '1.0.0', '/work')).status).toBe(418)
    const slow = region.ask('sample', '1.0.0', '/slow?ms=500')
    await expect.poll(() => region.acked).toContain('/slow?ms=500')
    child.kill('SIGTERM')
    expect((await slow).text).toBe('late')
    expect(await ended).toBe(0)
    expect(talk()).not.toContain('a-token')
    await region.close()
  })

  test('CMP-5: a token that works once becomes a key, which the next start finds again', {
    timeout: 90_000,
  }, async () => {
    const region = await openSmallRegion()
    const once = `bnj_${'a'.repeat(24)}_${'b'.repeat(64)}`
    const file = join(folder, 'once')
    writeFileSync(file, once, { mode: 0o600 })
    region.tokens.set(once, 'min_7')
    const data = join(folder, 'joined')
    const flags = ['--token-file', file, '--data', data, '--allow-plain-process']
    for (const count of [1, 2]) {
      const { child, talk, ended } = start(region.url.href, ...flags)
      await expect.poll(() => region.credentials.length, { timeout: 30_000, message: talk() }).toBe(count)
      child.kill('SIGTERM')
      expect(await ended).toBe(0)
      expect(talk()).not.toContain('the-key')
    }
    expect(region.credentials).toEqual(['min_7 Bearer the-key', 'min_7 Bearer the-key'])
    const kept = join(data, `joined-${'a'.repeat(24)}.json`)
    expect(statSync(kept).mode & 0o777).toBe(0o600)
    rmSync(kept)
    const { talk, ended } = start(region.url.href, ...flags)
    expect(await ended).toBe(1)
    expect(talk()).toMatch(/does not accept the token.*BYN-2506/)
    await region.close()
  })

  test('CMP-6: without the flag for development a plain process is refused, in a sentence', {
    timeout: 30_000,
  }, async () => {
    const { talk, ended } = start('http://127.0.0.1:1')
    expect(await ended).toBe(1)
    expect(talk()).toMatch(/A plain process is no isolation, and was not allowed by name.*BYN-2422/)
  })

  test('CMP-5: a token that others can read is refused', { timeout: 30_000 }, async () => {
    chmodSync(token, 0o644)
    const { talk, ended } = start('http://127.0.0.1:1', '--allow-plain-process')
    expect(await ended).toBe(1)
    chmodSync(token, 0o600)
    expect(talk()).toMatch(/can be read or written by other users/)
  })
})

describe('CMP-5: options', () => {
  const least = {
    region: 'https://region.example',
    tokenFile: 'token',
    registry: 'registry',
    dservices: 'darkroom@1.0.0, counter@0.1.0',
    authorities: authorityText,
  }

  test('CMP-5: what is left out has a default, and conditions are read', () => {
    const read = readMinerOptions({ ...least, hours: '22:00-06:30', maxLoad: '50', minBattery: '60' })
    expect(read).toMatchObject({
      instances: 2,
      recycleAfter: 10_000,
      statusPort: 4_490,
      allowPlainProcess: false,
    })
    expect(read.dservices).toEqual([
      { name: 'darkroom', version: '1.0.0' },
      { name: 'counter', version: '0.1.0' },
    ])
    expect(read.conditions).toEqual({
      maxOtherLoad: 0.5,
      hours: { from: 1_320, until: 390 },
      minBattery: 60,
      maxTemperature: undefined,
    })
  })

  test.each([
    [{ region: 'ftp://x' }, 'region'],
    [{ tokenFile: undefined }, 'tokenFile'],
    [{ dservices: 'darkroom' }, 'dservices'],
    [{ authorities: '0x12' }, 'authorities'],
    [{ hours: '25:00-01:00' }, 'hours'],
    [{ instances: '0' }, 'instances'],
    [{ maxLoad: '101' }, 'maxLoad'],
    [{ isolation: 'none' }, 'isolation'],
    [{ token: 'secret' }, 'unrecognized_keys'],
  ])('CMP-5: %j is refused and named', (change, option) => {
    expect(() => readMinerOptions({ ...least, ...change })).toThrow(
      expect.objectContaining({ kind: 'OptionInvalid', details: expect.objectContaining({ option }) }),
    )
  })

  test('CMP-5: help names every option, and no option takes a secret', () => {
    expect(minerOptions.length).toBeGreaterThan(10)
    for (const { name } of minerOptions) expect(name).not.toMatch(/^(token|key|secret|password)$/)
  })
})
