import { maxAmount } from '@banyan/base'
import type { Asset } from '@banyan/sdk'
import { amountText } from '../format/amount.js'

/** Bits of `flags`: docs/formats.md "Assets". */
const bits = { mintable: 1, burnable: 2, pausable: 4, paused: 8 } as const

const words = [
  [bits.mintable, 'more can be issued'],
  [bits.burnable, 'holders can destroy theirs'],
  [bits.pausable, 'the issuer can pause transfers'],
] as const

export function isPaused({ flags }: Asset): boolean {
  return (flags & bits.paused) !== 0
}

export function isPausable({ flags }: Asset): boolean {
  return (flags & bits.pausable) !== 0
}

export function mayIssueMore({ flags, supply, cap }: Asset): boolean {
  return (flags & bits.mintable) !== 0 && supply < cap
}

/** What its issuer and holders may do with a token. */
export function rightsText({ flags }: Asset): string {
  const granted = words.filter(([bit]) => (flags & bit) !== 0).map(([, text]) => text)
  return granted.length === 0 ? 'the supply is fixed' : granted.join(', ')
}

/** Most that there can ever be. */
export function capText({ cap, decimals, symbol }: Asset): string {
  return cap >= maxAmount ? 'no limit' : `${amountText(cap, decimals).full} ${symbol}`
}
