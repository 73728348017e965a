import { useSyncExternalStore } from 'react'
import { type DeviceAccount, type DeviceWallet, deviceWallet, watchWallet } from './device-accounts.js'

/** Accounts of this device, followed through changes. */
export function useWallet(): DeviceWallet & { readonly account: DeviceAccount | undefined } {
  const wallet = useSyncExternalStore(watchWallet, deviceWallet)
  return { ...wallet, account: wallet.accounts.find(({ address }) => address === wallet.current) }
}
