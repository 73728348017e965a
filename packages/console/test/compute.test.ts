import { testTier } from '@banyan/testing'
import { beforeAll, describe, expect, test } from 'vitest'
import { expectGood, expectGoodEverywhere } from './access.js'
import { openConsole } from './browser-kit.js'
import { type ComputeDouble, openDouble } from './compute-double.js'

/** Pages of computing, before a double of the region: what it answers is made up, but its charges and their proofs are not. */

const { visit, network } = openConsole({ isLite: true })
let double: ComputeDouble
let shown: { readonly request: string; readonly open: string }

beforeAll(async () => {
  double = await openDouble(network())
  const request = await double.work()
  await double.work()
  await double.settle()
  shown = { request, open: await double.work() }
})

const open = (path: string, tolerates?: RegExp) =>
  visit(path, { prepare: double.join, ...(tolerates && { tolerates }) })

const today = () => new Date().toISOString().slice(0, 10)

const pages: readonly {
  readonly name: string
  readonly path: () => string
  readonly text: string | RegExp
}[] = [
  { name: 'compute', path: () => '/compute', text: 'Hour of processor' },
  { name: 'darkroom', path: () => '/darkroom', text: 'Colour where one looks' },
  { name: 'requests', path: () => '/requests', text: 'Jun’s machine' },
  { name: 'request', path: () => `/requests/${shown.request}`, text: 'Where the time went' },
  { name: 'lend', path: () => '/lend', text: 'Earned, not paid yet' },
  { name: 'billing', path: () => '/billing', text: 'Spend by day' },
  {
    name: 'invoice',
    path: () => `/billing/invoices/${today()}T00:00:01Z`,
    text: 'Check the invoice in this browser',
  },
  { name: 'charge', path: () => `/billing/charges/0x${shown.request}`, text: 'Who gets it' },
  {
    name: 'charge without receipt',
    path: () => `/billing/charges/0x${shown.open}`,
    text: 'No invoice holds this charge yet',
  },
  { name: 'sponsored fees', path: () => '/billing/sponsored', text: 'By what was done' },
  { name: 'computing', path: () => '/operations/computing', text: 'Set aside' },
]

/** Others are looked at while they are used, below. */
const isFull = testTier() === 'full'

describe.skipIf(!isFull).each(pages)('the page "$name"', ({ path, text }) => {
  test('CON-UI-1: has no violations in either theme, wide or at 320 px, and keys reach all of it', async () => {
    await expectGoodEverywhere(await open(path()), text)
  })
})

test('CON-UI-1: a picture is developed, with its price before and after, and its request shows where the time went', async () => {
  const page = await open('/compute')
  await page.getByText('about $0.000314 to $0.000402').waitFor()
  await page.getByLabel('Caption').check()
  await page.getByRole('textbox', { name: 'Caption' }).fill("It's warm")
  const curl = "curl --data-binary @- 'http://localhost"
  expect(await page.getByText('The same from a terminal').locator('xpath=../pre').textContent()).toContain(
    curl,
  )
  await page.getByRole('button', { name: 'Develop it' }).click()
  await page.getByRole('img', { name: 'What the miner made' }).waitFor()
  await expectGood(page, 'Made by Jun’s machine')
  await page.setViewportSize({ width: 1_280, height: 800 })
  await page.getByText('$0.000314', { exact: true }).first().waitFor()
  await page.getByRole('link', { name: 'See the request' }).click()
  await page.getByRole('heading', { name: 'Jun’s machine did darkroom in 140 ms' }).waitFor()
  await page.getByText('waits for a free miner').waitFor()
  const rail = page.getByRole('navigation', { name: 'Pages' })
  expect(await rail.getByRole('link', { name: 'Compute' }).getAttribute('aria-current')).toBe('page')
  await page.getByText('117 ms').waitFor()
  await page.getByRole('link', { name: 'Charge and receipt' }).click()
  await page.getByText('No invoice holds this charge yet').waitFor()
})

test('CON-UI-1: one click settles; two more lead to a proof that this browser checks, and to the transaction', async () => {
  await double.work()
  const page = await open('/billing')
  await page.getByRole('button', { name: 'Settle now' }).click()
  await page.getByText(/^Settled \d+ charges? by 4 transactions/).waitFor()
  await page.getByRole('table', { name: 'Invoices' }).getByRole('link').first().click()
  await page.getByRole('button', { name: 'Check the invoice in this browser' }).click()
  await page.getByText(/^Proven: \d+ charges?, no more and no fewer/).waitFor()
  await page.getByRole('table', { name: 'Charges' }).getByRole('link').first().click()
  await page.getByRole('button', { name: 'Prove it in this browser' }).click()
  await page.getByText('and the chain has it').waitFor()
  await page.getByText(/1 of 1 validators have signed block/).waitFor()
  await expectGood(page, 'trusts nothing but the first validators')
  await page.getByRole('listitem').getByRole('link').first().click()
  await page.getByText('It can never change.').waitFor()
})

test('CON-UI-1: a receipt whose amount was changed is not proven', async () => {
  const page = await open(`/billing/charges/0x${shown.request}`)
  // The page reads the charge anew, from somebody who makes the sum larger.
  await page.getByRole('button', { name: 'Prove it in this browser' }).waitFor()
  const charge = await double.charge(`0x${shown.request}`)
  await page.route(/\/_banyan\/charges\//, (route) =>
    route.fulfill({
      contentType: 'application/json',
      body: charge.replace(/"total":"(\d+)n"/, '"total":"9$1n"'),
    }),
  )
  await page.reload()
  await page.getByRole('button', { name: 'Prove it in this browser' }).click()
  await page.getByText('It could not be proven').waitFor()
  await page.getByText('BYN-2610').waitFor()
})

test('CON-UI-1: a budget stops work with the reason, until it is lifted', async () => {
  const page = await open('/billing', /status of 402/)
  await page.getByLabel('Set a budget for each month').fill('0.0004')
  await page.getByRole('button', { name: 'Set the budget' }).click()
  await page.getByText('The budget is spent: work is refused.').waitFor()
  await expectGood(page, 'Change the budget')
  await page.goto(`${network().origin}/compute`)
  await page.getByRole('button', { name: 'Develop it' }).click()
  await page.getByText('BYN-2604').waitFor()
  await page.getByText(/^What helps:/).waitFor()
  await page.goto(`${network().origin}/billing`)
  await page.getByRole('button', { name: 'Lift it' }).click()
  await page.getByText('no budget is set').waitFor()
})

test('CON-UI-1: a script that is wrong is told by line and column', async () => {
  const page = await open('/darkroom', /status of 400/)
  const script = page.getByLabel('Script', { exact: true })
  await script.fill('function main(source) {\n  const a = 1\n  oops(\n}')
  await script.press('Control+Enter')
  await page.getByText('BYN-2700').waitFor()
  await page.getByRole('button', { name: 'Go to line 3, column 7' }).click()
  expect(await page.evaluate('document.activeElement.selectionStart')).toBe(44)
  await expectGood(page, 'The script did not run')
})

test('CON-UI-1: without computing the pages tell how to start it, and go on when it comes up', async () => {
  double.setState('off')
  const page = await open('/compute')
  await expectGood(page, 'Computing does not run on this network.')
  double.setState('starting')
  await page.reload()
  await expectGood(page, 'central makes accounts')
  double.setState('ready')
  await page.getByRole('button', { name: 'Develop it' }).waitFor()
})

test('CON-UI-1: a machine joins by a command with the conditions that its owner chooses', async () => {
  const page = await open('/lend')
  const command = page.getByText('On the machine that joins').locator('xpath=../pre')
  await page.getByLabel('At night').check()
  expect(await command.textContent()).toContain('npx banyan miner join http://127.0.0.1:4402')
  expect(await command.textContent()).toContain('--hours 22:00-06:30')
  await expectGood(page, 'Earned, not paid yet')
  await page.goto(`${network().origin}/operations/computing`)
  await expectGood(page, 'Set aside')
})
