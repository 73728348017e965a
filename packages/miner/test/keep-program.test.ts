import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { testTier } from '@banyan/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { authorityText, publishPackage, publishSample } from './sample.js'
import { openSmallRegion } from './small-region.js'

/** `banyan-miner keep` itself: the built program, which starts and changes real processes. */

const program = fileURLToPath(new URL('../bin/banyan-miner.js', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'banyan-keep-program-'))
const registry = join(folder, 'registry')
const token = join(folder, 'token')
const started: ChildProcess[] = []

beforeAll(async () => {
  writeFileSync(token, 'a-token\n', { mode: 0o600 })
  await publishSample(folder, registry, '1.0.0', 'developer', 'authority')
})
afterAll(async () => {
  for (const child of started) child.kill('SIGKILL')
  rmSync(folder, { recursive: true, maxRetries: 5 })
})

/** A version of the program: the real one, which tells its version first, or one that fails. */
function publishVersion(version: string, isGood: boolean): Promise<void> {
  const tell = `console.error('this is ${version} of', process.pid)\n`
  const real = new URL('../dist/program/main.js', import.meta.url)
  const text = tell + (isGood ? `await import(${JSON.stringify(real)})` : 'process.exit(3)')
  const files = { 'main.mjs': text }
  const manifest = { name: 'banyan-miner', version, command: ['node', 'main.mjs'] }
  return publishPackage(folder, registry, manifest, files, 'developer', 'authority')
}

function keep(region: string, tokenFile = token) {
  const words = [
    ...['keep', region, '--name', 'home-1', '--token-file', tokenFile, '--registry', registry],
    ...['--dservices', 'sample@1.0.0', '--authorities', authorityText, '--data', join(folder, 'data')],
    ...['--status-port', '0', '--isolation', 'process', '--allow-plain-process'],
  ]
  const child = spawn(process.execPath, [program, ...words])
  started.push(child)
  let talk = ''
  child.stderr.on('data', (part: Buffer) => {
    talk += part.toString()
  })
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  return { child, talk: () => talk, ended }
}

describe('CMP-5: the program that keeps miners', () => {
  test('CMP-5: a miner that never could join ends its keeper with its own code and sentence', {
    timeout: 60_000,
  }, async () => {
    const { talk, ended } = keep('http://127.0.0.1:1', join(folder, 'nothing'))
    expect(await ended).toBe(1)
    expect(talk()).toMatch(/BYN-\d{4}/)
    expect(talk()).not.toMatch(/changing|going back/)
  })

  test.skipIf(testTier() === 'push')(
    'CMP-5: it goes back from a version that fails, changes to one that works, and loses nothing at its end',
    { timeout: 240_000 },
    async () => {
      const wait = { timeout: 60_000, interval: 100 }
      const region = await openSmallRegion()
      await publishVersion('99.0.0', false)
      const first = keep(region.url.href)
      await expect.poll(first.talk, wait).toMatch(/version 99\.0\.0 failed; going back to \d/)
      await expect.poll(() => region.offers.length, wait).toBeGreaterThan(0)
      expect((await region.ask('sample', '1.0.0', '/work')).status).toBe(418)
      expect(first.talk()).toMatch(/changing to version 99\.0\.0\n/)

      // What it knows is on disk: a keeper that is killed tries no bad version again, and leaves no miner behind.
      first.child.kill('SIGKILL')
      await first.ended
      await expect.poll(() => region.isConnected(), wait).toBe(false)
      const state = JSON.parse(
        readFileSync(join(folder, 'data', 'program', 'program.json'), 'utf8'),
      ) as object
      expect(state).toMatchObject({ bad: ['99.0.0'] })

      await publishVersion('98.0.0', true)
      const count = region.credentials.length
      const second = keep(region.url.href)
      await expect.poll(second.talk, wait).toMatch(/changing to version 98\.0\.0\n.*this is 98\.0\.0 of \d+/s)
      await expect.poll(() => region.credentials.length, wait).toBeGreaterThan(count)
      await expect.poll(() => region.isConnected() && region.offers.at(-1)?.services.length, wait).toBe(1)
      expect(second.talk()).not.toContain('99.0.0')
      const slow = region.ask('sample', '1.0.0', '/slow?ms=1500')
      await expect.poll(() => region.acked, wait).toContain('/slow?ms=1500')
      second.child.kill('SIGTERM')
      expect((await slow).text).toBe('late')
      expect(await second.ended).toBe(0)
      const pid = Number(/this is 98\.0\.0 of (\d+)/.exec(second.talk())![1])
      expect(() => process.kill(pid, 0)).toThrow('ESRCH')
      await region.close()
    },
  )
})
