import { useState } from 'react'
import { askFaucet, useIsTestNetwork } from '../../data/local.js'

export type Faucet = {
  /** Whether the network has one. */
  readonly isOffered: boolean
  /** From the asking until the money is there. */
  readonly isBusy: boolean
  readonly error: unknown
  readonly ask: () => void
}

type Asking =
  | { readonly kind: 'idle' }
  | { readonly kind: 'asked'; readonly before: bigint }
  | { readonly kind: 'failed'; readonly error: unknown }

/** Test money for an account with this balance. */
export function useFaucet(address: string, balance: bigint): Faucet {
  const isOffered = useIsTestNetwork()
  const [asking, setAsking] = useState<Asking>({ kind: 'idle' })
  return {
    isOffered,
    isBusy: asking.kind === 'asked' && asking.before === balance,
    error: asking.kind === 'failed' ? asking.error : undefined,
    ask: () => {
      setAsking({ kind: 'asked', before: balance })
      askFaucet(address).catch((error: unknown) => setAsking({ kind: 'failed', error }))
    },
  }
}
