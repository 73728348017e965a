import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bundleForBrowser, findChromium, launchChromium, useBrowser } from '@banyan/testing/browser'
import { afterEach, describe, expect, test, vi } from 'vitest'
import type * as Page from './browser/page.js'

afterEach(() => {
  vi.unstubAllEnvs()
})

describe('QLT-2: Chromium is looked for', () => {
  test('where BANYAN_CHROMIUM says, and nowhere else', () => {
    vi.stubEnv('BANYAN_CHROMIUM', process.execPath)
    expect(findChromium([])).toEqual({ path: process.execPath })
    vi.stubEnv('BANYAN_CHROMIUM', '/nowhere/chromium')
    expect(() => findChromium([process.execPath])).toThrow('BANYAN_CHROMIUM is "/nowhere/chromium"')
  })

  test('in the given places; without one there is a reason', () => {
    vi.stubEnv('BANYAN_CHROMIUM', undefined)
    expect(findChromium(['/nowhere/chromium', process.execPath])).toEqual({ path: process.execPath })
    expect(findChromium(['/nowhere/chromium'])).toEqual({ reason: expect.stringContaining('install it') })
  })
})

test.each([
  ['needs-node', 'node:fs'],
  ['needs-missing', 'not-installed'],
])('LED-7: %s.mjs is not bundled, for browsers have no %s', async (entry, name) => {
  const bundled = bundleForBrowser(new URL(`./browser/${entry}.mjs`, import.meta.url))
  await expect(bundled).rejects.toThrow(name)
})

describe('QLT-2: a page in Chromium', () => {
  const browser = useBrowser()
  const open = async () =>
    browser.open<typeof Page>(await bundleForBrowser(new URL('./browser/page.ts', import.meta.url)))

  test('takes and returns plain values, bigints and bytes', async () => {
    const page = await open()
    const values = {
      bytes: new Uint8Array([1, 2, 3]).subarray(1),
      big: 2n ** 70n,
      none: undefined,
      list: [1, 'a', true],
    }
    expect(await page.call('same', values)).toEqual(values)
    expect(await page.call('kinds', values.bytes, values.big)).toEqual([
      '[object Uint8Array]',
      '[object BigInt]',
    ])
  })

  test('reaches nothing but its own site', async () => {
    let requests = 0
    const other = createServer((_, response) => {
      requests++
      response.writeHead(200, { 'access-control-allow-origin': '*' }).end()
    })
    await once(other.listen(0, '127.0.0.1'), 'listening')
    const address = `http://127.0.0.1:${(other.address() as AddressInfo).port}/`
    const found = findChromium() as { path: string }
    const own = await launchChromium(found.path)
    try {
      const page = await own.open<typeof Page>(
        await bundleForBrowser(new URL('./browser/page.ts', import.meta.url)),
      )
      expect(await page.call('canReach', '/')).toBe(true)
      expect(await page.call('canReach', address)).toBe(false)
      expect(requests).toBe(0)
      expect(page.problems.join()).toContain('Content Security Policy')
      await page.call('throwLater')
      await expect.poll(() => page.problems.join(), { timeout: 60_000 }).toContain('nobody caught this')
    } finally {
      await own.close()
      other.close()
    }
  })

  test.runIf(existsSync('/proc/self/cmdline'))(
    'leaves no process behind when its own is killed',
    async () => {
      const program = join(import.meta.dirname, 'browser/launch-and-wait.mjs')
      const profiles = mkdtempSync(join(tmpdir(), 'banyan-profiles-'))
      const child = spawn(process.execPath, [program], {
        env: { ...process.env, TMPDIR: profiles },
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      try {
        await once(child.stdout, 'data')
        expect(processesOf(profiles)).toBeGreaterThan(0)
      } finally {
        child.kill('SIGKILL')
      }
      await expect.poll(() => processesOf(profiles), { timeout: 60_000, interval: 100 }).toBe(0)
      rmSync(profiles, { recursive: true, force: true, maxRetries: 5 })
    },
  )
})

/** Number of running programs that have the folder among their arguments. */
function processesOf(folder: string): number {
  return readdirSync('/proc').filter((id) => {
    try {
      return /^\d+$/.test(id) && readFileSync(`/proc/${id}/cmdline`, 'utf8').includes(folder)
    } catch {
      return false
    }
  }).length
}
