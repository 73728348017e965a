import { announceWallet, createWalletDouble } from '@banyan/testing/wallet-double'

/** Puts the double of a wallet into a page, with the key that the test has left there. */
const page = globalThis as unknown as {
  readonly walletSecret: `0x${string}`
  walletDouble: ReturnType<typeof createWalletDouble>
}
page.walletDouble = createWalletDouble(page.walletSecret)
announceWallet(page.walletDouble, 'Fox double')
