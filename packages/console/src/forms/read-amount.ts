/** What a person typed as an amount: base units, or what is wrong with it, or nothing yet. */
export type ReadAmount =
  | { readonly kind: 'empty' }
  | { readonly kind: 'wrong'; readonly reason: string }
  | { readonly kind: 'amount'; readonly amount: bigint }

const mostUnits = (1n << 128n) - 1n

/** Reads an amount as people write it: spaces between groups, a point or a comma before the fraction. */
export function readAmount(text: string, decimals: number): ReadAmount {
  const tidy = text.replace(/[\s\u2009_]/g, '').replace(',', '.')
  if (tidy === '') return { kind: 'empty' }
  const match = /^(\d*)(?:\.(\d*))?$/.exec(tidy)
  if (match === null || tidy === '.') {
    return { kind: 'wrong', reason: 'Write a number, such as 2.50.' }
  }
  const fraction = match[2] ?? ''
  if (fraction.length > decimals) {
    const most =
      decimals === 0 ? 'This token has no parts of one.' : `At most ${decimals} digits after the point.`
    return { kind: 'wrong', reason: most }
  }
  const amount = BigInt((match[1] ?? '') + fraction.padEnd(decimals, '0'))
  if (amount === 0n) return { kind: 'wrong', reason: 'The amount is zero.' }
  if (amount > mostUnits) return { kind: 'wrong', reason: 'That is more than any token can have.' }
  return { kind: 'amount', amount }
}
