import { concatBytes } from '@banyan/base'
import { historyRoot } from './header.js'
import { le } from './integer.js'
import { tag, zeroChunk } from './merkle.js'
import type { Account, Asset, Balance, RecentBlock, State } from './state.js'

const zeros = (length: number) => new Uint8Array(length)

/** Bytes of a row of the accounts table; `next` is the row with the next larger key. */
export function accountRow(account: Account, next: number): Uint8Array {
  return concatBytes(
    account.address,
    le(account.flags, 4),
    le(account.nonce, 8),
    le(account.balance, 16),
    le(next, 4),
    le(account.delegate, 4),
    zeros(8),
  )
}

export function balanceRow(balance: Balance, next: number): Uint8Array {
  return concatBytes(
    balance.address,
    le(balance.asset, 4),
    le(next, 4),
    zeros(4),
    le(balance.amount, 16),
    zeros(16),
  )
}

export function assetRow(asset: Asset): Uint8Array {
  return concatBytes(
    asset.issuer,
    le(asset.flags, 4),
    le(asset.decimals, 4),
    zeros(4),
    le(asset.supply, 16),
    le(asset.cap, 16),
    asset.metadataHash,
    tag(asset.name),
    tag(asset.symbol),
    zeros(96),
  )
}

export function recentRow(block: RecentBlock | undefined): Uint8Array {
  if (block === undefined) return zeros(128)
  return concatBytes(
    block.id,
    block.idsRoot,
    le(block.height, 8),
    le(block.timestamp, 8),
    le(block.count, 4),
    zeros(44),
  )
}

export function chainRow(state: State): Uint8Array {
  const perDimension = [...state.prices, ...state.gasUsed].map((value) => le(value, 8))
  return concatBytes(
    le(state.height, 8),
    le(state.timestamp, 8),
    ...perDimension,
    historyRoot(state.blockIds),
    ...new Array<Uint8Array>(5).fill(zeroChunk),
  )
}
