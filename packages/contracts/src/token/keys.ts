import type { Address, AssetId } from '@banyan/base'
import { type AccessKey, assetKey, balanceKey, type KeyContext, reads, tables, writes } from '@banyan/ledger'
import { assetAt } from '../addresses.js'
import { allowances } from './ledger.js'

/** Keys of the asset that is called. */
export function assetRead(context: KeyContext): AccessKey[] {
  return reads(assetKey(assetAt(context.self)))
}

export function assetWrite(context: KeyContext): AccessKey[] {
  return writes(assetKey(assetAt(context.self)))
}

export function balanceWrites(context: KeyContext, ...owners: readonly Address[]): AccessKey[] {
  const id: AssetId = assetAt(context.self)
  return writes(...owners.map((owner) => balanceKey(owner, id)))
}

export function allowanceWrite(context: KeyContext, owner: Address, spender: Address): AccessKey[] {
  return tables.writeKeys(context, allowances, { asset: assetAt(context.self), owner, spender })
}
