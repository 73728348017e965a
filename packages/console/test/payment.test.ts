import { toHex } from '@banyan/base'
import { addPasskeyDevice, bundleForBrowser } from '@banyan/testing/browser'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { actAs, openConsole } from './browser-kit.js'

const { visit, network } = openConsole()

/** Words that a newcomer need not know, and anything in hexadecimal digits longer than the ends of an address. */
const jargon = /\b(gas|nonce|seed|mnemonic|wei|hex|calldata)\b|0x[0-9a-f]{12,}/i

test('CON-UI-1: a newcomer with a passkey pays within four clicks, without a word of jargon', async () => {
  const page = await visit('/wallet')
  await addPasskeyDevice({ playwright: page })
  let clicks = 0
  const read = async () => expect(await page.evaluate('document.body.innerText')).not.toMatch(jargon)
  const click = async (role: 'button' | 'link', name: string | RegExp) => {
    await read()
    await page.getByRole(role, { name }).first().click()
    clicks++
  }
  await click('button', 'Create account')
  await click('button', 'Get test money')
  await page.getByText('100 FIG', { exact: true }).first().waitFor()
  await click('link', 'Send')
  await page.getByLabel('To', { exact: true }).fill('Otto')
  await page.getByLabel('Amount', { exact: true }).fill('2.5')
  await page.getByRole('region', { name: 'What you confirm' }).waitFor()
  await page.getByText('You have never paid this account before.').waitFor()
  await page.getByText('Network fee: paid by the sponsor of this network.').waitFor()
  await click('button', 'Pay 2.5 FIG')
  await page.getByText('Otto has received 2.5 FIG').waitFor()
  await read()
  expect(clicks).toBeLessThanOrEqual(4)

  await page.goto(`${network().origin}/`)
  await page.getByText('3 of 4 done').waitFor()
  await page.goto(`${network().origin}/billing/sponsored`)
  await page.getByRole('cell', { name: 'Payments in FIG' }).waitFor()
  await page.goto(`${network().origin}/wallet`)
  await page.getByText('You paid 2.5 FIG to Otto').first().waitFor()
})

const otto = () => toHex(network().people.find(({ name }) => name === 'Otto')!.address)

async function balanceOf(page: Page): Promise<string> {
  return (await page.locator('.figure dd').first().textContent()) ?? ''
}

test('CON-UI-1: a payment shows in a second browser without touching it', async () => {
  const payer = await visit('/wallet')
  await actAs(payer, 'Mira')
  const payee = await visit('/wallet')
  await actAs(payee, 'Otto')
  await payee.locator('.figure dd').first().waitFor()
  const before = await balanceOf(payee)

  await payer.getByRole('link', { name: 'Send' }).first().click()
  await payer.getByLabel('To', { exact: true }).fill(otto())
  await payer.getByLabel('Amount', { exact: true }).fill('1000')
  await payer.getByRole('button', { name: 'Pay 1000 FIG' }).click()
  await payer.getByText('Otto has received 1000 FIG').waitFor()

  await payee.getByText('Mira paid 1000 FIG to Otto').first().waitFor()
  const number = (text: string) => Number(text.replace(/[^\d.]/g, ''))
  await expect.poll(async () => number(await balanceOf(payee))).toBeCloseTo(number(before) + 1_000)
})

/** Scripts of an extension with a wallet, whose account is Hana's. */
async function walletScripts(): Promise<readonly string[]> {
  const { secret } = network().people.find(({ name }) => name === 'Hana')!
  const { scripts, start } = await bundleForBrowser(new URL('./browser/wallet.ts', import.meta.url))
  return [`globalThis.walletSecret = '${toHex(secret)}'`, `(() => {${scripts.get(start)!}})()`]
}

test('SDK-3: a wallet of the browser connects, learns of this network, and pays', async () => {
  const page = await visit('/wallet', { scripts: await walletScripts() })
  const refuse = (method: string | undefined) =>
    page.evaluate((refused) => {
      ;(globalThis as unknown as { walletDouble: { refuse(method?: string): void } }).walletDouble.refuse(
        refused,
      )
    }, method)
  await refuse('wallet_addEthereumChain')
  await page.getByRole('button', { name: 'Fox double' }).click()
  await page.getByText('The wallet is not connected').waitFor()
  await refuse(undefined)
  await page.getByRole('button', { name: 'Fox double' }).click()
  await page.getByRole('heading', { name: 'Your wallet' }).waitFor()

  // Loaded again, the page knows the account, and finds the wallet when it pays.
  await page.goto(`${network().origin}/wallet/send?to=Otto`)
  await page.getByLabel('Amount', { exact: true }).fill('3')
  await page.getByText('Network fee: paid by you; Fox double shows how much.').waitFor()
  await refuse('eth_sendTransaction')
  await page.getByRole('button', { name: 'Pay 3 FIG' }).click()
  await page.getByText('The payment was not made').waitFor()
  await refuse(undefined)
  await page.getByRole('button', { name: 'Pay 3 FIG' }).click()
  await page.getByText('Otto has received 3 FIG').waitFor()
})

test('CON-UI-1: a payment that cannot be made is explained before it is sent', async () => {
  const page = await visit('/wallet')
  await actAs(page, 'Theo')
  await page.getByRole('link', { name: 'Send' }).first().click()
  await page.getByRole('button', { name: 'Pay', exact: true }).click()
  await page.getByText('Who should get it?').waitFor()
  await page.getByText('How much?').waitFor()
  await page.getByLabel('To', { exact: true }).fill('0x1234')
  await page.getByText('An address has 40 characters after 0x; this has 4.').waitFor()
  await page.getByLabel('Amount', { exact: true }).fill('9000000')
  await page.getByText('That is more than you have').waitFor()
})

test('CON-UI-1: a token is created, issued and paused', async () => {
  const page = await visit('/wallet')
  await actAs(page, 'Ines')
  await page.getByRole('link', { name: 'Tokens' }).first().click()
  await page.getByRole('link', { name: 'Create a token' }).first().click()
  await page.getByLabel('Name').fill('Harbour Coffee Points')
  await page.getByLabel('Symbol').fill('HCP')
  await page.getByLabel('Amount', { exact: true }).fill('1000')
  await page.getByLabel('I can issue more later').check()
  await page.getByLabel('I can pause transfers').check()
  await page.getByRole('button', { name: 'Create HCP' }).click()
  await page.getByRole('link', { name: 'See its page' }).click()
  await page.getByRole('heading', { name: 'Harbour Coffee Points (HCP)' }).waitFor()

  await page.getByRole('link', { name: 'Issue more' }).click()
  await page.getByLabel('Amount in HCP').fill('50')
  await page.getByText('The supply becomes 1050 HCP').waitFor()
  await page.getByRole('button', { name: 'Issue 50 HCP' }).click()
  await page.getByText('50 HCP are new').waitFor()

  await page.getByRole('link', { name: 'Your tokens' }).click()
  await page.getByRole('link', { name: 'Harbour Coffee Points' }).click()
  await page.getByRole('button', { name: 'Pause all transfers' }).click()
  await page.getByText('Nobody can transfer HCP now.').waitFor()
  await page.getByText('Transfers are paused by the issuer').waitFor()
})
