import { createRandom, testSeed, testTier } from '@banyan/testing'
import { type BrowserPage, bundleForBrowser, useBrowser } from '@banyan/testing/browser'
import { createFaultProxy, type FaultProxy } from '@banyan/testing/network'
import { afterEach, expect, test } from 'vitest'
import type * as Page from './browser/page.js'
import { useNode } from './node.js'

/** A page that follows blocks through a connection with faults. */

const node = useNode()
const bundle = await bundleForBrowser(new URL('./browser/page.ts', import.meta.url))
// Browsers tell of connections that end, and these do.
const browser = useBrowser({ tolerates: /ERR_(CONNECTION|EMPTY|SOCKET)/ })
let proxy: FaultProxy | undefined

type Opened = {
  readonly page: BrowserPage<typeof Page>
  /** Resolves when the page has seen so many blocks; checks that they came once, in order, without a gap. */
  readonly until: (count: number) => Promise<readonly string[]>
}

async function follow(without?: 'streams'): Promise<Opened> {
  const random = createRandom(testSeed('sdk live faults'))
  const made = await createFaultProxy({
    target: { host: '127.0.0.1', port: Number(new URL(node.url()).port) },
    random: () => random.below(2 ** 32) / 2 ** 32,
  })
  proxy = made
  const url = `http://127.0.0.1:${made.port}`
  const page = await browser.open<typeof Page>(bundle, [url, url.replace('http', 'ws')])
  void page.call('follow', url, 1_000, without).catch(() => undefined)
  return {
    page,
    until: async (count) => {
      let seen = await page.call('seen').catch(() => ({ heights: [] as number[], states: [] as string[] }))
      const end = Date.now() + 60_000
      while (seen.heights.length < count) {
        if (Date.now() > end) throw new Error(`it has seen ${seen.heights.length} of ${count} blocks`)
        await new Promise((resolve) => setTimeout(resolve, 50))
        seen = await page.call('seen').catch(() => seen)
      }
      expect(seen.heights).toEqual(seen.heights.map((_, i) => seen.heights[0]! + i))
      return seen.states
    },
  }
}

afterEach(() => proxy?.close())

const isFull = testTier() === 'full'

test('SDK-2: over sockets that are cut a page loses no block and sees none twice', async () => {
  const { page, until } = await follow()
  for (let blocks = 10; blocks <= 50; blocks += 10) {
    await until(blocks)
    expect(proxy!.killConnections()).toBeGreaterThan(0)
  }
  const states = await until(60)
  expect(states.filter((state) => state === 'live').length).toBeGreaterThan(3)
  await page.call('stopFollowing')
})

test('SDK-2: a socket through which nothing comes any more is noticed, given up, and made up for', async () => {
  const { page, until } = await follow()
  await until(10)
  proxy!.partition()
  await expect
    .poll(async () => (await page.call('seen')).states, { timeout: 30_000, interval: 200 })
    .toContain('offline')
  const { heights } = await page.call('seen')
  proxy!.heal()
  await until(heights.length + 40)
  // What it missed comes by questions, while a new stream may still be on its way.
  await expect
    .poll(async () => (await page.call('seen')).states.at(-1), { timeout: 90_000, interval: 200 })
    .toBe('live')
  await page.call('stopFollowing')
})

test.runIf(isFull)(
  'SDK-2: over a connection that is too slow for all blocks, and over a pause, they come late but all',
  async () => {
    const { page, until } = await follow()
    await until(5)
    proxy!.throttle(4_096)
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    proxy!.throttle(Number.POSITIVE_INFINITY)
    proxy!.partition()
    await new Promise((resolve) => setTimeout(resolve, 500))
    proxy!.heal()
    const { heights } = await page.call('seen')
    await until(heights.length + 30)
    await page.call('stopFollowing')
  },
)

test.runIf(isFull)(
  'SDK-2: where neither socket nor stream comes through, a page asks, and loses nothing either',
  async () => {
    const { page, until } = await follow('streams')
    await until(10)
    proxy!.killConnections()
    const states = await until(60)
    expect(states).toContain('polling')
    expect(states).not.toContain('live')
    await page.call('stopFollowing')
  },
)
