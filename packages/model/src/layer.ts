import type { Hex } from '@banyan/base'
import { balanceKey } from './state.js'

/** Balances that can be read and written; writing a balance that has no row creates the row. */
export type Balances = {
  readonly get: (asset: number, address: Hex) => bigint | undefined
  readonly set: (asset: number, address: Hex, amount: bigint) => void
}

/** Changes kept apart from the balances below them until they are committed, in the order they were first made. */
export type Layer = Balances & { readonly commit: () => void }

export function layerOver(below: Balances): Layer {
  const changes = new Map<string, { asset: number; address: Hex; amount: bigint }>()
  return {
    get: (asset, address) => changes.get(balanceKey(asset, address))?.amount ?? below.get(asset, address),
    set: (asset, address, amount) => {
      const change = changes.get(balanceKey(asset, address))
      if (change === undefined) changes.set(balanceKey(asset, address), { asset, address, amount })
      else change.amount = amount
    },
    commit: () => {
      for (const { asset, address, amount } of changes.values()) below.set(asset, address, amount)
    },
  }
}
