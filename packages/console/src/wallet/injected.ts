import { fail } from '@banyan/base'
import { connectWallet, findWallets, type Wallet, type WalletAccount } from '@banyan/sdk'
import { client } from '../data/client.js'
import { type DeviceAccount, keepAccount } from './device-accounts.js'

/** Wallets that extensions put into this browser. They hold their keys, and show and send what they sign. */

/** Connects a wallet to this network and puts its account in use. Errors: those of `connectWallet`. */
export async function keepInjected(wallet: Wallet): Promise<void> {
  const { address } = await connectWallet(client, { wallet })
  const { name, rdns } = wallet.info
  keepAccount({ kind: 'wallet', name, address, rdns })
}

const announceMs = 300

/** The wallet that is called so, if it announces itself soon. */
async function findInjected(rdns: string): Promise<Wallet | undefined> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => settle(undefined), announceMs)
    const settle = (wallet: Wallet | undefined) => {
      clearTimeout(timer)
      queueMicrotask(() => end())
      resolve(wallet)
    }
    const end = findWallets((wallets) => {
      const found = wallets.find(({ info }) => info.rdns === rdns)
      if (found !== undefined) settle(found)
    })
  })
}

/**
 * The account of a wallet as the SDK takes it; the wallet is moved to this network, which has another id after a reset. Errors:
 * WalletFailed if the wallet is gone or has another account in use, those of `connectWallet`.
 */
export async function injectedAccount({
  name,
  address,
  rdns,
}: DeviceAccount & { readonly kind: 'wallet' }): Promise<WalletAccount> {
  const wallet =
    (await findInjected(rdns)) ?? fail('WalletFailed', { reason: `${name} is not in this browser` })
  const account = await connectWallet(client, { wallet })
  if (account.address !== address)
    fail('WalletFailed', { reason: `${name} has another account in use; choose the right one there` })
  return account
}
