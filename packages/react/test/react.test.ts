import { formatAmount } from '@banyan/base'
import { createClient, ed25519Account, newSecret, send } from '@banyan/sdk'
import {
  addPasskeyDevice,
  type BrowserPage,
  bundleForBrowser,
  startBytes,
  useBrowser as testBrowser,
} from '@banyan/testing/browser'
import { type Cluster, startCluster } from '@banyan/testing/cluster'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type * as Page from './browser/page.js'

const rich = ed25519Account(newSecret())
const oneFig = 10n ** 18n
const bundle = await bundleForBrowser(new URL('./browser/page.ts', import.meta.url))
const browser = testBrowser()

let cluster: Cluster
let url: string

beforeAll(async () => {
  cluster = await startCluster({
    validators: 1,
    accounts: [{ address: rich.address, balance: formatAmount(1_000n * oneFig) }],
    plan: { blockInterval: 50, heartbeat: 200 },
  })
  url = cluster.node(0).rpc
})
afterAll(() => cluster?.close())

type Shown = NonNullable<ReturnType<typeof Page.show>>

async function until(page: BrowserPage<typeof Page>, done: (shown: Shown) => boolean): Promise<Shown> {
  const end = Date.now() + 30_000
  for (;;) {
    const shown = await page.call('show')
    if (shown !== undefined && done(shown)) return shown
    if (Date.now() > end)
      throw new Error(
        `the page shows ${JSON.stringify(shown, (_, v) => (typeof v === 'bigint' ? String(v) : v))}`,
      )
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

test('RCT-1: a page signs in, is paid, pays, and shows what the chain says without asking in vain', async () => {
  const page = await browser.open<typeof Page>(bundle, [url, url.replace('http', 'ws')])
  await addPasskeyDevice(page)
  await page.call('start', url)
  const first = await until(
    page,
    ({ symbol, heights, connection }) => symbol === 'FIG' && heights.length > 0 && connection === 'live',
  )
  expect(first.address).toBeUndefined()
  const later = await until(page, ({ heights }) => heights[0]! >= first.heights[0]! + 6)
  expect(later.heights).toEqual(later.heights.map((_, i) => later.heights[0]! - i))
  expect(later.height!).toBeGreaterThan(first.height ?? 0)

  const address = (await page.call('signIn', 'Mira'))!
  await until(page, (shown) => shown.address === address && shown.balance === 0n)
  await page.call('takeRequests', '')
  const quiet = await until(page, ({ heights }) => heights[0]! > later.heights[0]! + 4)
  expect(quiet.balance).toBe(0n)
  expect(await page.call('takeRequests', 'balances')).toBe(0)

  const paid = await send(createClient({ url, account: rich }), { to: address, amount: oneFig }).final
  await until(page, ({ balance, activity }) => balance === oneFig && activity[0] === paid.id)

  const to = ed25519Account(newSecret()).address
  const id = await page.call('pay', { to, amount: 5n })
  const done = await until(page, ({ phase, state }) => phase === 'final' && state === 'final')
  expect(done.phaseText).toBe('Done.')
  expect(await page.call('seenPhases')).toEqual(['idle', 'confirming', 'submitted', 'final'])
  await until(page, ({ activity, balance }) => activity[0] === id && balance! < oneFig - 5n)

  await page.call('reset')
  expect(await page.call('create', 'Token')).toMatch(/^0x/)
  await page.call('reset')
  expect(await page.call('pay', { to, amount: 10n ** 30n })).toBeUndefined()
  const failed = await until(page, ({ phase }) => phase === 'failed')
  expect(failed.phaseText).toMatch(/insufficient funds/i)
  // Loaded again, the page knows who it is for.
  await page.call('stop')
  await page.call('start', url)
  await until(page, (shown) => shown.address === address)
  await page.call('signOut')
  await until(page, (shown) => shown.address === undefined)
})

test('RCT-1: signing in without a device says why', async () => {
  const page = await browser.open<typeof Page>(bundle, [url, url.replace('http', 'ws')])
  await page.call('start', url)
  await until(page, ({ symbol }) => symbol === 'FIG')
  const session = await page.playwright.context().newCDPSession(page.playwright)
  await session.send('WebAuthn.enable')
  await session.send('WebAuthn.addVirtualAuthenticator', {
    options: { protocol: 'u2f', transport: 'usb' },
  })
  expect(await page.call('signIn', 'Otto')).toBeUndefined()
  const { error } = await until(page, (shown) => shown.error !== undefined)
  expect(error).toBe('ConfirmationRefused')
})

test('RCT-1: the size of the layer is bounded', async () => {
  const size = await startBytes(`export * from '@banyan/react'`, import.meta.url, [
    'react',
    '@tanstack/react-query',
    '@banyan/sdk',
    '@banyan/base',
  ])
  console.log(`the React layer: ${size} of 6144 bytes`)
  expect(size).toBeLessThanOrEqual(6 * 1024)
})
