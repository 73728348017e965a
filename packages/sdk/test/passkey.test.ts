import { getTransaction, send } from '@banyan/sdk'
import { addPasskeyDevice, bundleForBrowser, useBrowser } from '@banyan/testing/browser'
import { expect, test } from 'vitest'
import type * as Page from './browser/page.js'
import { alice, clientOf, freshAddress, oneFig, useNode } from './node.js'

const node = useNode()
const bundle = await bundleForBrowser(new URL('./browser/page.ts', import.meta.url))
const browser = useBrowser()

type Hex = `0x${string}`

test('SDK-3: a passkey is an account: made, paid, paying, kept and found again, without a phrase', async () => {
  const page = await browser.open<typeof Page>(bundle, [node.url(), node.url().replace('http', 'ws')])
  await addPasskeyDevice(page)
  const address = (await page.call('makePasskey', 'Mira')) as Hex
  // On a device that has never seen the application, and before the account exists.
  expect(await page.call('findPasskeyAgain', node.url())).toBe(address)
  await send(clientOf(node, alice), { to: address, amount: oneFig }).final
  const to = freshAddress()
  const paid = await page.call('pay', node.url(), to, 5n)
  expect(paid).toMatchObject({ status: 'success' })
  expect(await getTransaction(clientOf(node), { id: paid.id })).toMatchObject({ type: 0x7b, from: address })
  expect(await page.call('usePasskeyAgain')).toBe(address)
  await page.call('pay', node.url(), to, 6n)
  expect(await page.call('findPasskeyAgain', node.url())).toBe(address)
  await page.call('pay', node.url(), to, 7n)
  expect(await page.call('balanceOf', node.url(), to)).toBe(18n)
})

test('SDK-2: a page follows the blocks of a node over one socket', async () => {
  const socket = node.url().replace('http', 'ws')
  const page = await browser.open<typeof Page>(bundle, [node.url(), socket])
  const sockets: string[] = []
  page.playwright.on('websocket', (opened) => sockets.push(opened.url()))
  const heights = await page.call('heights', node.url(), 6)
  expect(heights).toEqual(heights.map((_, i) => heights[0]! + i))
  expect(sockets).toEqual([`${socket}/ws`])
})

test('SDK-3: a wallet announces itself, learns of the chain, and sends or refuses', async () => {
  const page = await browser.open<typeof Page>(bundle, [node.url(), node.url().replace('http', 'ws')])
  const sent = await send(clientOf(node, alice), { to: freshAddress(), amount: 9n }).final
  const answers = { eth_sendTransaction: sent.id }
  const outcome = await page.call('payByWallet', node.url(), alice.address, freshAddress(), answers)
  expect(outcome).toEqual({
    name: 'Test',
    chain: '0x1b59',
    outcome: 'success',
    requests: [
      'eth_requestAccounts',
      'eth_chainId',
      'wallet_switchEthereumChain',
      'wallet_addEthereumChain',
      'eth_sendTransaction',
    ],
  })
  const other = await browser.open<typeof Page>(bundle, [node.url(), node.url().replace('http', 'ws')])
  const refused = await other.call('payByWallet', node.url(), alice.address, freshAddress(), {})
  expect(refused.outcome).toBe('ConfirmationRefused')
})

test('SDK-1: a worker of a page follows the blocks too', async () => {
  const page = await browser.open<typeof Page>(bundle, [node.url(), node.url().replace('http', 'ws')])
  const heights = await page.call('heightsInWorker', node.url(), 4)
  expect(heights).toEqual(heights.map((_, i) => heights[0]! + i))
})
