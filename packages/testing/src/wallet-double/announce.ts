import type { WalletDouble } from './provider.js'

/** Announces a wallet to the page that this runs in, now and whenever the page asks (EIP-6963). */
export function announceWallet({ provider }: WalletDouble, name: string): void {
  const icon = `data:image/svg+xml,${encodeURIComponent('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><circle cx="4" cy="4" r="4" fill="#c60"/></svg>')}`
  const info = { uuid: crypto.randomUUID(), name, icon, rdns: 'test.wallet.double' }
  // This package is typed for Node; a page is such a target too.
  const page = globalThis as unknown as EventTarget
  const announce = (): void => {
    const detail = Object.freeze({ info, provider })
    page.dispatchEvent(new CustomEvent('eip6963:announceProvider', { detail }))
  }
  page.addEventListener('eip6963:requestProvider', announce)
  announce()
}
