import { type Address, type AssetId, type Hash, toHex } from '@banyan/base'
import type { Account, Asset, StateView, Utxo, WriteSet } from '@banyan/ledger'

/** State in plain maps, for tests: obviously right, nothing else. */
export type MemoryState = StateView & {
  readonly apply: (writes: WriteSet) => void
  readonly accounts: ReadonlyMap<string, Account>
  readonly balances: ReadonlyMap<
    string,
    { readonly owner: Address; readonly asset: AssetId; readonly amount: bigint }
  >
  readonly utxos: ReadonlyMap<string, Utxo>
  readonly assets: readonly Asset[]
  readonly rows: ReadonlyMap<string, Uint8Array>
}

export function createMemoryState(): MemoryState {
  const accounts = new Map<string, Account>()
  const numbers = new Map<string, number>()
  const balances = new Map<string, WriteSet['balances'][number]>()
  const rows = new Map<string, Uint8Array>()
  const utxos = new Map<string, Utxo>()
  const assets: Asset[] = []

  const ownedBy = (owner: Address): Utxo[] =>
    [...utxos.values()].filter((utxo) => toHex(utxo.owner) === toHex(owner)).toReversed()

  return {
    accounts,
    balances,
    utxos,
    assets,
    rows,
    account: (address) => {
      const account = accounts.get(toHex(address))
      return account && { ...account, utxoCount: ownedBy(address).length }
    },
    accountNumber: (address) => numbers.get(toHex(address)),
    balance: (owner, asset) => balances.get(`${toHex(owner)}:${asset}`)?.amount ?? 0n,
    hasBalance: (owner, asset) => balances.has(`${toHex(owner)}:${asset}`),
    storage: (key: Hash) => rows.get(toHex(key)),
    utxo: (id) => utxos.get(toHex(id)),
    utxosOf: (owner, limit) =>
      ownedBy(owner)
        .slice(0, limit)
        .map(({ id }) => id),
    newestUtxo: (owner) => ownedBy(owner)[0]?.id,
    utxoNeighbours: (id) => {
      const list = ownedBy(utxos.get(toHex(id))!.owner)
      const at = list.findIndex((utxo) => toHex(utxo.id) === toHex(id))
      return { newer: list[at - 1]?.id, older: list[at + 1]?.id }
    },
    asset: (id) => assets[id],
    assetCount: () => assets.length,
    apply: (writes) => {
      for (const { address, account } of writes.accounts) {
        if (!numbers.has(toHex(address))) numbers.set(toHex(address), numbers.size + 1)
        accounts.set(toHex(address), { ...account, utxoCount: 0 })
      }
      for (const change of writes.balances) balances.set(`${toHex(change.owner)}:${change.asset}`, change)
      for (const { key, value } of writes.storage) {
        if (value === null) rows.delete(toHex(key))
        else rows.set(toHex(key), value)
      }
      for (const { id, utxo } of writes.utxos) {
        if (utxo === null) utxos.delete(toHex(id))
        else utxos.set(toHex(id), utxo)
      }
      for (const { id, asset } of writes.assets) assets[id] = asset
    },
  }
}
