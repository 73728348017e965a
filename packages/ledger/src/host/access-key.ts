import { type Address, type AssetId, fig, type Hash, toHex } from '@banyan/base'

/**
 * One piece of state that a call may touch, as text, so that sets of keys are sets of strings. Declared keys, keys
 * derived by contracts and keys tracked by an overlay use the same text.
 */
export type AccessKey = { readonly key: string; readonly write: boolean }

const hexOf = (bytes: Uint8Array): string => toHex(bytes).slice(2)

/** Account row: nonce, FIG balance, flags, delegate. */
export const accountKey = (address: Address): string => `a:${hexOf(address)}`

/** Balance of an asset. FIG is part of the account row. */
export const balanceKey = (owner: Address, asset: AssetId): string =>
  asset === fig ? accountKey(owner) : `b:${hexOf(owner)}:${asset}`

/** Storage row of a contract, by its row key. */
export const storageKey = (rowKey: Hash): string => `s:${hexOf(rowKey)}`

/** An owner's UTXOs: their list and all that is in it. */
export const utxoListKey = (owner: Address): string => `l:${hexOf(owner)}`

/** Absence or creation of the UTXO with this id. What exists belongs to its owner's list. */
export const utxoKey = (id: Hash): string => `u:${hexOf(id)}`

export const assetKey = (asset: AssetId): string => `x:${asset}`

/** The number of assets, which the creation of one changes. */
export const assetCountKey = 'n:'

export const reads = (...keys: readonly string[]): AccessKey[] => keys.map((key) => ({ key, write: false }))

export const writes = (...keys: readonly string[]): AccessKey[] => keys.map((key) => ({ key, write: true }))

/** Whether `declared` covers what was touched: every key, and for written keys with `write`. */
export function keysCover(
  declared: readonly AccessKey[],
  touched: { readonly read: ReadonlySet<string>; readonly written: ReadonlySet<string> },
): boolean {
  const known = new Set<string>()
  const writable = new Set<string>()
  for (const { key, write } of declared) {
    known.add(key)
    if (write) writable.add(key)
  }
  for (const key of touched.read) if (!known.has(key)) return false
  for (const key of touched.written) if (!writable.has(key)) return false
  return true
}
