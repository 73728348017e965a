import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { ComputeStatus } from '@banyan/local/api'
import { testTier } from '@banyan/testing'
import { expect, onTestFinished, test } from 'vitest'
import { expectGood } from './access.js'
import { openConsole } from './browser-kit.js'

/** What a newcomer does with a network that computes: nothing here is a double. */

const isHere = process.platform === 'linux' && process.arch === 'x64' && testTier() === 'full'
const { visit, network } = openConsole({ isLite: true, hasCompute: isHere })

async function readyCompute(): Promise<ComputeStatus> {
  const compute = (await (await fetch(`${network().origin}/local/compute`)).json()) as ComputeStatus
  if (compute.ready || compute.state === 'failed') return compute
  await new Promise((resolve) => setTimeout(resolve, 500))
  return readyCompute()
}

/** Runs the command that the start prints, and gives the picture that it writes. */
async function runPrinted(command: string): Promise<Buffer> {
  const folder = mkdtempSync(join(tmpdir(), 'banyan-newcomer-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  await promisify(execFile)('sh', ['-c', command], { cwd: folder })
  return readFileSync(join(folder, /-o (\S+)/.exec(command)![1]!))
}

test.skipIf(!isHere)(
  'CON-UI-1, BIL-7: a newcomer renders by the printed command, sees its price, settles by a click and its proof by another',
  { timeout: 240_000 },
  async () => {
    const { ready, reason, sample } = await readyCompute()
    expect([ready, reason]).toEqual([true, null])
    const picture = await runPrinted(sample.curl)
    expect(picture.length).toBeGreaterThan(1_000)
    expect(picture.subarray(0, 3).toString('hex')).toBe('ffd8ff')

    const page = await visit('/compute')
    const requests = page.getByRole('table', { name: 'Your newest requests' })
    await requests.getByText(/^(Jun|Theo)’s machine$/).waitFor()
    const price = await requests
      .getByText(/^\$0\.\d+$/)
      .first()
      .textContent()
    await page.getByRole('button', { name: 'Develop it' }).click()
    await expectGood(page, /^Made by /)
    await page.setViewportSize({ width: 1_280, height: 800 })

    await page.goto(`${network().origin}/billing`)
    await page.getByRole('button', { name: 'Settle now' }).click()
    await page.getByText(/^Settled 2 charges by \d transactions/).waitFor()
    await page.getByRole('table', { name: 'Invoices' }).getByRole('link').first().click()
    await page.getByRole('button', { name: 'Check the invoice in this browser' }).click()
    await page.getByText('Proven: 2 charges, no more and no fewer').waitFor()
    const charges = page.getByRole('table', { name: 'Charges' })
    await charges.getByText(price!, { exact: true }).waitFor()
    await charges.getByRole('link').first().click()
    await page.getByRole('button', { name: 'Prove it in this browser' }).click()
    await expectGood(page, 'and the chain has it')
    await page.getByRole('listitem').getByRole('link').first().click()
    await page.getByText('It can never change.').waitFor()
  },
)

test.skipIf(!isHere)(
  'CON-UI-1: pages show the machines, the queues and a script that is wrong as they are',
  async () => {
    const page = await visit('/lend', { tolerates: /status of 4/ })
    await expectGood(page, 'Earned, not paid yet')
    await page.setViewportSize({ width: 1_280, height: 800 })
    await page.goto(`${network().origin}/operations/computing`)
    await expectGood(page, 'Takes work')
    await page.setViewportSize({ width: 1_280, height: 800 })
    await page.goto(`${network().origin}/darkroom`)
    await page.getByRole('button', { name: 'Have a miner make “Two inks”' }).click()
    await page.getByText('byte for byte the picture that comes with the service').waitFor()
    await page.getByLabel('Script', { exact: true }).fill('function main(source) {\n  oops(\n}')
    await page.getByRole('button', { name: 'Run it' }).click()
    await page.getByRole('button', { name: /^Go to line 3, column \d+/ }).waitFor()
  },
)

test.skipIf(!isHere)('CON-UI-1: an invoice comes as four kinds of files', async () => {
  const page = await visit('/billing')
  await page.getByRole('table', { name: 'Invoices' }).getByRole('link').first().click()
  const beginnings = { PDF: '%PDF', CSV: 'period', Parquet: 'PAR1', JSON: '{"format":"banyan-statement/1"' }
  for (const [format, beginning] of Object.entries(beginnings)) {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: format }).click(),
    ])
    expect(readFileSync(await download.path(), 'latin1').slice(0, beginning.length), format).toBe(beginning)
  }
})
