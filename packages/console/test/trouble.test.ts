import { testTier } from '@banyan/testing'
import { expect, test } from 'vitest'
import { expectGood } from './access.js'
import { actAs, openConsole } from './browser-kit.js'

const { visit, network } = openConsole()
/** They wait long for processes that hang. */
const fullTest = test.skipIf(testTier() !== 'full')

fullTest(
  'CON-UI-1: when validators hang, the pages tell which, what helps, and where a payment stands',
  async () => {
    const victims = network().supervisor.parts.slice(0, 2)
    const wake = () => {
      for (const part of victims) process.kill(part.pid()!, 'SIGCONT')
    }
    try {
      const wallet = await visit('/wallet')
      await actAs(wallet, 'Mira')
      await wallet.goto(`${network().origin}/wallet/send?to=Otto`)
      await wallet.getByLabel('Amount', { exact: true }).fill('1')
      await wallet.getByRole('button', { name: 'Pay 1 FIG' }).waitFor()
      for (const part of victims) process.kill(part.pid()!, 'SIGSTOP')
      await wallet.getByRole('button', { name: 'Pay 1 FIG' }).click()

      const page = await visit('/operations')
      await page.getByRole('heading', { name: '3 of 5 parts of the network are ready.' }).waitFor()
      for (const part of victims) {
        const note = page.getByRole('status').filter({ hasText: part.name })
        await note.getByText(`kill -CONT ${part.pid()}`).waitFor()
      }
      await expectGood(page, `${victims[0]!.name}, process ${victims[0]!.pid()}, has not answered for`)
      await page.getByRole('link', { name: 'Read about this error' }).first().click()
      await page.getByText('PartHangs').first().waitFor()

      await wallet.getByText('It takes longer than usual').waitFor()
      const overview = await visit('/')
      await overview.getByText('The network is silent').first().waitFor({ timeout: 40_000 })
      await overview.getByRole('link', { name: 'See how its parts do' }).click()
      wake()
      await overview.getByRole('heading', { name: 'All 5 parts of the network are well.' }).waitFor()
      expect(await overview.getByText('What helps').count()).toBe(0)
      await wallet.getByText('Otto has received 1 FIG').waitFor()
    } finally {
      wake()
    }
  },
)

fullTest('QLT-1: a clock that is wrong is told of, and no reason to call the network silent', async () => {
  for (const [hours, text] of [
    [2.5, '2 h ahead of the network'],
    [-3.5, '3 h behind the network'],
  ] as const) {
    const wrong = `{ const now = Date.now; Date.now = () => now() + ${hours * 3_600_000} }`
    const page = await visit('/', { scripts: [wrong] })
    await expectGood(page, `The clock of this device is ${text}.`)
    await page.getByRole('heading', { name: /^The network is running/ }).waitFor()
  }
  const right = await visit('/')
  await right.getByRole('heading', { name: /^The network is running/ }).waitFor()
  await right.waitForTimeout(8_000)
  expect(await right.getByText('The clock of this device').count()).toBe(0)
})
