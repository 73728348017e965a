import type { Movement, Summary } from '@banyan/sdk'
import { methodText } from './methods.js'

/** A sentence in parts, each of which is shown in its own way. */
export type SentencePart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'address'; readonly address: string }
  | { readonly kind: 'money'; readonly asset: number; readonly amount: bigint }

const nobody = `0x${'0'.repeat(40)}`
const text = (words: string): SentencePart => ({ kind: 'text', text: words })
const who = (address: string): SentencePart => ({ kind: 'address', address })
const money = ({ asset, amount }: Movement): SentencePart => ({ kind: 'money', asset, amount })

/** What a final transaction did, in words: who, what, to whom. */
export function sentenceOf(summary: Summary): readonly SentencePart[] {
  const { from, to, method, status, movements, movementCount } = summary
  const [first] = movements
  if (status === 'failed') return failedSentence(summary)
  const created = method === '0x44639457'
  if (created) return createdSentence(summary)
  if (first === undefined) {
    const words = methodText(method)
    if (words !== undefined) return [who(from), text(words)]
    return to === null ? [who(from), text('made several calls')] : [who(from), text('called'), who(to)]
  }
  if (movementCount > 1) return manySentence(summary)
  return movementSentence(from, first)
}

function movementSentence(sender: string, movement: Movement): readonly SentencePart[] {
  const { from, to } = movement
  if (from === nobody) return [who(sender), text('issued'), money(movement), text('to'), who(to)]
  if (to === nobody) return [who(from), text('destroyed'), money(movement)]
  if (from !== sender)
    return [who(sender), text('moved'), money(movement), text('from'), who(from), text('to'), who(to)]
  return [who(from), text('paid'), money(movement), text('to'), who(to)]
}

function manySentence({ from, movements, movementCount }: Summary): readonly SentencePart[] {
  const assets = new Set(movements.map(({ asset }) => asset))
  const isWhole = movements.length === movementCount && assets.size === 1
  const first = movements[0]!
  if (!isWhole) return [who(from), text(`made ${movementCount} payments at once`)]
  const amount = movements.reduce((sum, movement) => sum + movement.amount, 0n)
  return [who(from), text('paid'), money({ ...first, amount }), text(`in ${movementCount} payments at once`)]
}

function createdSentence({ from, movements }: Summary): readonly SentencePart[] {
  const first = movements[0]
  if (first === undefined) return [who(from), text('created a token')]
  return [who(from), text('created a token and issued'), money(first)]
}

function failedSentence({ from, to, method }: Summary): readonly SentencePart[] {
  const words = methodText(method)
  if (words !== undefined) return [who(from), text('tried something that failed: it would have'), text(words)]
  return to === null
    ? [who(from), text('tried something that failed')]
    : [who(from), text('tried to pay or call'), who(to), text('and failed')]
}

/** The sentence as plain text, with names for addresses and amounts. */
export function plainSentence(
  parts: readonly SentencePart[],
  names: {
    readonly address: (address: string) => string
    readonly money: (asset: number, amount: bigint) => string
  },
): string {
  const words = parts.map((part) => {
    if (part.kind === 'text') return part.text
    return part.kind === 'address' ? names.address(part.address) : names.money(part.asset, part.amount)
  })
  return words.join(' ')
}
