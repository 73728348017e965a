'use client'
import { type Account, type Address, type Client, connectWallet, findWallets, type Wallet } from '@banyan/sdk'
import { useCallback, useEffect, useState } from 'react'
import { useBanyan } from './context.js'

export type UseAccount = {
  readonly account: Account | undefined
  readonly address: Address | undefined
  /** Any account of the SDK; `undefined` signs out. */
  readonly setAccount: (account: Account | undefined) => void
}

/** Who uses the application. */
export function useAccount(): UseAccount {
  const { account, setAccount } = useBanyan()
  return { account, address: account?.address, setAccount }
}

/** `new`: make a passkey under a name; `passkey`: choose one that exists; or connect a wallet. */
export type SignInWay =
  | { readonly with: 'new'; readonly name: string }
  | { readonly with: 'passkey' }
  | { readonly with: 'wallet'; readonly wallet: Wallet }

export type UseSignIn = {
  readonly isPending: boolean
  readonly error: unknown
  /** Asks the person and takes the account that comes of it; `undefined` if none did, then `error` says why. */
  readonly signIn: (way: SignInWay) => Promise<Account | undefined>
  readonly signOut: () => void
}

/** Signing in and out: no phrase, no password. */
export function useSignIn(): UseSignIn {
  const { client, setAccount } = useBanyan()
  const [state, setState] = useState<{ isPending: boolean; error: unknown }>({
    isPending: false,
    error: undefined,
  })

  const signIn = useCallback(
    async (way: SignInWay): Promise<Account | undefined> => {
      setState({ isPending: true, error: undefined })
      try {
        const account = await accountOf(client, way)
        setAccount(account)
        setState({ isPending: false, error: undefined })
        return account
      } catch (error) {
        setState({ isPending: false, error })
        return undefined
      }
    },
    [client, setAccount],
  )
  const signOut = useCallback(() => setAccount(undefined), [setAccount])

  return { ...state, signIn, signOut }
}

/** What knows passkeys is loaded when somebody wants one. */
async function accountOf(client: Client, way: SignInWay): Promise<Account> {
  if (way.with === 'wallet') return connectWallet(client, { wallet: way.wallet })
  const { createPasskey, findPasskey } = await import('@banyan/sdk/passkey')
  return way.with === 'new' ? createPasskey({ name: way.name }) : findPasskey(client)
}

/** Wallets that this browser has. */
export function useWallets(): readonly Wallet[] {
  const [wallets, setWallets] = useState<readonly Wallet[]>([])
  useEffect(() => findWallets(setWallets), [])
  return wallets
}
