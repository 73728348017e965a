import { assert } from '@banyan/base'

/** Offsets of row fields in 32-bit words, as docs/formats.md gives them in bytes. */

export const accountRow = {
  bytes: 64,
  keyWords: 5,
  flags: 5,
  nonce: 6,
  balance: 8,
  next: 12,
  delegate: 13,
  firstUtxo: 14,
  utxoCount: 15,
} as const

export const balanceRow = { bytes: 64, keyWords: 6, asset: 5, next: 6, balance: 8 } as const

/** What rows of accounts (which hold FIG) and of balances (other assets) have in common: their length, and where the amount is. */
export const amountRow = { words: accountRow.bytes / 4, balance: accountRow.balance } as const
assert(
  balanceRow.bytes === accountRow.bytes && balanceRow.balance === accountRow.balance,
  'account rows and balance rows have the same length and keep their amount at the same place',
)

export const utxoRow = {
  bytes: 128,
  keyWords: 8,
  owner: 8,
  asset: 13,
  next: 14,
  amount: 16,
  height: 20,
  ownerNext: 22,
  ownerPrevious: 23,
} as const

export const storageRow = { bytes: 128, keyWords: 8, contract: 8, next: 13, length: 14, value: 16 } as const

export const assetRow = {
  bytes: 256,
  issuer: 0,
  flags: 5,
  decimals: 6,
  supply: 8,
  cap: 12,
  metadataHash: 16,
  name: 24,
  symbol: 32,
} as const

export const recentRow = { bytes: 128, blockId: 0, idsRoot: 8, height: 16, timestamp: 18, count: 20 } as const

export const chainRow = {
  bytes: 256,
  height: 0,
  timestamp: 2,
  prices: 4,
  gasUsed: 10,
  historyRoot: 16,
  freeHeads: 24,
} as const
