import { maxAmount } from '@banyan/base'
import type { NewToken } from '@banyan/sdk'
import { readAmount } from '../../forms/read-amount.js'

/** A token as it is being described. */
export type TokenDraft = {
  readonly name: string
  readonly symbol: string
  readonly supply: string
  readonly decimals: number
  readonly canGrow: boolean
  readonly canPause: boolean
}

type Problems = Partial<Record<'name' | 'symbol' | 'supply' | 'decimals', string>>

const maxBytes = 31
const maxDecimals = 18

function textProblem(text: string, what: string): string | undefined {
  if (text.trim() === '') return `It needs ${what}.`
  const bytes = new TextEncoder().encode(text.trim()).length
  return bytes > maxBytes ? `At most ${maxBytes} letters; some count for two.` : undefined
}

/** The token of a draft, or what is still wrong with it. */
export function readToken(draft: TokenDraft): {
  readonly token: NewToken | undefined
  readonly problems: Problems
} {
  const { name, symbol, decimals, canGrow, canPause } = draft
  const areDecimalsRight = Number.isInteger(decimals) && decimals >= 0 && decimals <= maxDecimals
  const supply = readAmount(draft.supply, areDecimalsRight ? decimals : 0)
  const found: Record<string, string | undefined> = {
    name: textProblem(name, 'a name'),
    symbol: textProblem(symbol, 'a symbol'),
    decimals: areDecimalsRight ? undefined : `From 0 to ${maxDecimals}.`,
    supply: supply.kind === 'wrong' ? supply.reason : supply.kind === 'empty' ? 'How much of it?' : undefined,
  }
  const problems = Object.fromEntries(
    Object.entries(found).filter(([, text]) => text !== undefined),
  ) as Problems
  if (supply.kind !== 'amount' || Object.keys(problems).length > 0) return { token: undefined, problems }
  const token = {
    name: name.trim(),
    symbol: symbol.trim(),
    decimals,
    initialSupply: supply.amount,
    ...(canGrow && { cap: maxAmount }),
    pausable: canPause,
  }
  return { token, problems }
}
