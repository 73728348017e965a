import { readFileSync } from 'node:fs'
import { toHex } from '@banyan/base'
import { createClient, createdToken, createToken, ed25519Account, getTransaction, send } from '@banyan/sdk'
import { beforeAll, describe, expect, test } from 'vitest'
import { expectGood, violations } from './access.js'
import { actAs, openConsole } from './browser-kit.js'

const { visit, network } = openConsole()

/** Something to see: a payment, and where it is. */
let shown: { readonly id: string; readonly token: number; readonly block: number; readonly address: string }

beforeAll(async () => {
  const [mira, otto] = network().people
  const client = createClient({ url: network().origin, account: ed25519Account(mira!.secret) })
  const token = { name: 'Loaf of bread', symbol: 'LOAF', decimals: 2, initialSupply: 500_000n }
  const loaf = createdToken(await createToken(client, { token }).final)!
  await send(client, { to: toHex(otto!.address), amount: 12_000n, asset: loaf }).final
  const { id } = await send(client, { to: toHex(otto!.address), amount: 10n ** 18n }).final
  const { block } = await getTransaction(client, { id })
  shown = { id, token: loaf, block: block!.height, address: toHex(otto!.address) }
})

/** Every page, and a text that stands on it once its data are there. */
const pages: readonly {
  readonly name: string
  readonly path: () => string
  readonly text: string | RegExp
}[] = [
  { name: 'overview', path: () => '/', text: 'Mira paid 1 FIG to Otto' },
  { name: 'wallet without account', path: () => '/wallet', text: 'An account in one touch' },
  { name: 'tokens', path: () => '/tokens', text: 'You have issued none yet' },
  { name: 'token with holders', path: () => `/explorer/token/${shown.token}`, text: '2.40 %' },
  { name: 'explorer', path: () => '/explorer', text: 'Mira paid 1 FIG to Otto' },
  { name: 'blocks', path: () => '/explorer/blocks', text: 'Proposed by' },
  { name: 'transactions', path: () => '/explorer/transactions', text: 'Mira paid 1 FIG to Otto' },
  { name: 'all tokens', path: () => '/explorer/tokens', text: 'the chain itself' },
  { name: 'validators', path: () => '/explorer/validators', text: 'Record of the last blocks' },
  { name: 'block', path: () => `/explorer/block/${shown.block}`, text: 'holds 1 transaction' },
  { name: 'transaction', path: () => `/explorer/tx/${shown.id}`, text: 'It can never change.' },
  { name: 'address', path: () => `/explorer/address/${shown.address}`, text: 'Mira paid 1 FIG to Otto' },
  { name: 'token', path: () => '/explorer/token/0', text: 'Can be transferred' },
  { name: 'unknown transaction', path: () => `/explorer/tx/0x${'12'.repeat(32)}`, text: /BYN-\d+/ },
  { name: 'sponsored fees', path: () => '/billing/sponsored', text: 'Nothing was paid in this month' },
  { name: 'operations', path: () => '/operations', text: 'Parts of this network' },
  { name: 'documentation', path: () => '/docs', text: 'How it works, and why so.' },
  { name: 'page of the documentation', path: () => '/docs/rpc', text: 'Ethereum JSON-RPC' },
  { name: 'page of an error', path: () => '/docs/errors/2200', text: 'BYN-2200' },
  { name: 'page that does not exist', path: () => '/nothing', text: 'There is no such page.' },
]

/** Pages that need an account; it acts as Mira. */
const ownPages = [
  { name: 'wallet', path: '/wallet', text: "Mira's wallet" },
  { name: 'send', path: '/wallet/send?to=Otto', text: 'Amount' },
  { name: 'receive', path: '/wallet/receive', text: 'These three words' },
  { name: 'a token to issue', path: '/tokens', text: 'supply is fixed' },
  { name: 'create a token', path: '/tokens/create', text: 'I can pause transfers' },
]

describe.each(pages)('the page "$name"', ({ path, text }) => {
  test('CON-UI-1: has no violations in either theme, and nothing to scroll sideways at 320 px', async () => {
    const page = await visit(path(), { tolerates: /status of 404/ })
    await expectGood(page, text)
  })
})

test('CON-UI-1: pages of an account have none either', async () => {
  const page = await visit('/wallet')
  await actAs(page, 'Mira')
  for (const { path, text } of ownPages) {
    await page.setViewportSize({ width: 1_280, height: 800 })
    await page.emulateMedia({ colorScheme: 'light' })
    await page.goto(network().origin + path)
    await expectGood(page, text)
  }
})

test('CON-UI-1: search opens by key, is worked by keys, and has no violations', async () => {
  const page = await visit('/')
  await page.getByText('Latest activity').waitFor()
  await page.keyboard.press('/')
  const field = page.getByRole('combobox', { name: 'Search' })
  await field.waitFor()
  expect(await violations(page)).toEqual([])
  await page.keyboard.type(String(shown.block))
  await page.getByRole('option', { name: `Block ${shown.block}` }).waitFor()
  await page.keyboard.press('Enter')
  await page.getByText('holds 1 transaction').waitFor()
  await page.keyboard.press('/')
  await field.waitFor()
  await page.keyboard.type('otto')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Otto' }).waitFor()
})

/** Sum of what moved on a page without the reader's doing, as https://web.dev/articles/cls reckons it but in one window. */
const shifts = `new Promise((resolve) => {
  let sum = 0
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) sum += entry.value
  }).observe({ type: 'layout-shift', buffered: true })
  setTimeout(() => resolve(sum), 300)
})`

test('CON-UI-1: hardly anything moves while a page comes', async () => {
  for (const path of ['/', '/explorer', `/explorer/block/${shown.block}`, '/docs/rpc']) {
    const page = await visit(path)
    await page.getByRole('heading', { level: 1 }).waitFor()
    await page.waitForTimeout(1_000)
    expect(await page.evaluate(shifts), path).toBeLessThanOrEqual(0.05)
  }
})

test('CON-UI-1: machines that read find their way too', async () => {
  for (const [path, text] of [
    ['/robots.txt', 'User-agent'],
    ['/llms.txt', '/v1/openapi.json'],
    ['/icon.svg', '<svg'],
  ] as const) {
    const response = await fetch(network().origin + path)
    expect(response.status, path).toBe(200)
    expect((await response.text()).toLowerCase(), path).toContain(text.toLowerCase())
  }
  const listed = await (await fetch(`${network().origin}/llms.txt`)).text()
  for (const [, target] of listed.matchAll(/\]\((\/[^)]+)\)/g)) {
    const own = target!.replace(/^\/docs\//, '/local/docs/')
    expect((await fetch(network().origin + own)).status, own).toBe(200)
  }
})

test('CON-UI-1: a browser checks by itself why a block is final', async () => {
  const page = await visit(`/explorer/block/${shown.block}`)
  await page.getByRole('button', { name: 'Check it in this browser' }).click()
  await page.getByText(/^Proven: [34] of 4 validators have signed/).waitFor()
  expect(
    await page.getByRole('table', { name: 'Who has signed' }).getByText('Checked').count(),
  ).toBeGreaterThan(2)
  await expectGood(page, 'which is a quorum of epoch 0')
})

test('CON-UI-1: keys tell what they do, and copy the command of a page', async () => {
  const page = await visit(`/explorer/block/${shown.block}`)
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.getByRole('heading', { name: /^Block/ }).waitFor()
  await page.keyboard.press('.')
  const command = `npx banyan block ${shown.block}`
  await page.getByText(`Copied: ${command}`).waitFor()
  expect(await page.evaluate('navigator.clipboard.readText()')).toBe(command)
  await page.keyboard.press('?')
  await page.getByRole('dialog', { name: 'Keys' }).waitFor()
  await expectGood(page, 'Copy the command that shows or does the same as this page')
  await page.keyboard.press('Escape')
  await page.getByRole('dialog', { name: 'Keys' }).waitFor({ state: 'hidden' })
})

test('CON-UI-1: a payment and a token are shown as code', async () => {
  const page = await visit('/wallet')
  await actAs(page, 'Mira')
  await page.goto(`${network().origin}/wallet/send?to=Otto`)
  await page.getByLabel('Amount', { exact: true }).fill('2.5')
  await page.getByText('Show code').click()
  const command = `npx banyan transfer 2.5 ${shown.address} --account Mira`
  await expectGood(page, command)
  await page.getByText("amount: parseAmount('2.5'),").waitFor()
  await page.goto(`${network().origin}/tokens/create`)
  await page.getByLabel('Name').fill('Harbour Coffee Points')
  await page.getByLabel('Symbol').fill('HCP')
  await page.getByLabel('Amount', { exact: true }).fill('10')
  await page.getByText('Show code').click()
  await expectGood(
    page,
    "npx banyan token create HCP 'Harbour Coffee Points' --supply 10 --decimals 2 --account Mira",
  )
})

test('CON-UI-1: all activity of an account can be taken away as a file', async () => {
  const page = await visit(`/explorer/address/${shown.address}`)
  const save = async (format: string): Promise<string> => {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: `As ${format}` }).click(),
    ])
    expect(download.suggestedFilename()).toBe(`banyan-${shown.address.slice(0, 10)}.${format.toLowerCase()}`)
    return readFileSync(await download.path(), 'utf8')
  }
  const csv = await save('CSV')
  expect(csv).toContain(`${shown.id},success,`)
  expect(csv).toContain(`,${shown.address},120,LOAF,`)
  const [newest] = JSON.parse(await save('JSON')) as { readonly id: string }[]
  expect(newest!.id).toBe(shown.id)
})

test('CON-UI-1: the first stops of the keyboard are the way to the page, the tideline, and the rail', async () => {
  const page = await visit('/explorer')
  await page.getByRole('cell', { name: 'just now' }).first().waitFor()
  await page.keyboard.press('Tab')
  expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the page')
  await page.keyboard.press('Tab')
  expect(await page.evaluate("document.activeElement.getAttribute('role')")).toBe('slider')
  await page.keyboard.press('Home')
  const spoken = await page.getByRole('slider').getAttribute('aria-valuetext')
  await page.keyboard.press('Enter')
  const height = /^Block (\d+)/.exec(spoken!)![1]!
  await page.getByRole('heading', { name: new RegExp(`^Block ${height} `) }).waitFor()
})

test('CON-UI-1: a theme that was chosen stays, whatever the system has', async () => {
  const page = await visit('/', { theme: 'dark' })
  const paper = () => page.evaluate('getComputedStyle(document.documentElement).backgroundColor')
  const dark = await paper()
  await page.getByRole('button', { name: 'System theme' }).click()
  await page.getByRole('button', { name: 'Light theme' }).waitFor()
  expect(await paper()).not.toBe(dark)
  const light = await paper()
  await page.reload()
  await page.getByText('Latest activity').waitFor()
  expect(await paper()).toBe(light)
})

test('CON-UI-2: charts have their values as tables', async () => {
  const page = await visit('/operations')
  await page.getByText('Time between blocks').waitFor()
  await page.getByText('From block to block: the values').click()
  await page.getByRole('columnheader', { name: 'Time since the block before' }).waitFor()
  await page
    .getByRole('cell', { name: /\d+(\.\d)? m?s/ })
    .first()
    .waitFor()
})

test('CON-UI-1: new blocks come by themselves', async () => {
  const page = await visit('/explorer/blocks')
  const newest = page.getByRole('row').nth(1).getByRole('link').first()
  const before = Number(await newest.textContent())
  await expect
    .poll(async () => Number(await newest.textContent()), { timeout: 60_000 })
    .toBeGreaterThan(before)
})
