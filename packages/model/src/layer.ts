import type { Hex } from '@banyan/base'
import { balanceKey } from './state.js'

/** Balances that can be read and written; writing a balance that has no row creates the row. */
export type Balances = {
  readonly get: (asset: number, address: Hex) => bigint | undefined
  readonly set: (asset: number, address: Hex, amount: bigint) => void
  /** Number of rows in the table that holds balances of the asset. */
  readonly rows: (asset: number) => number
}

/** Changes kept apart from the balances below them until they are committed, in the order they were first made. */
export type Layer = Balances & { readonly commit: () => void }

export function layerOver(below: Balances): Layer {
  const changes = new Map<string, { asset: number; address: Hex; amount: bigint }>()
  const made = { accounts: 0, balances: 0 }
  return {
    get: (asset, address) => changes.get(balanceKey(asset, address))?.amount ?? below.get(asset, address),
    set: (asset, address, amount) => {
      const change = changes.get(balanceKey(asset, address))
      if (change !== undefined) change.amount = amount
      else {
        if (below.get(asset, address) === undefined) made[asset === 0 ? 'accounts' : 'balances']++
        changes.set(balanceKey(asset, address), { asset, address, amount })
      }
    },
    rows: (asset) => below.rows(asset) + (asset === 0 ? made.accounts : made.balances),
    commit: () => {
      for (const { asset, address, amount } of changes.values()) below.set(asset, address, amount)
    },
  }
}
