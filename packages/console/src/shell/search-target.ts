/** What a word that somebody searches for can name. */
export type SearchTarget =
  | { readonly kind: 'block'; readonly block: string }
  | { readonly kind: 'address'; readonly address: string }
  | { readonly kind: 'transaction'; readonly id: string }

/** Targets that the text can name: a height, an address, or a hash, which can be that of a transaction or of a block. */
export function targetsOf(text: string): readonly SearchTarget[] {
  const word = text.trim().replace(/[\s\u2009]/g, '')
  if (/^#?\d{1,15}$/.test(word)) return [{ kind: 'block', block: String(Number(word.replace('#', ''))) }]
  if (/^0x[0-9a-f]{40}$/i.test(word)) return [{ kind: 'address', address: word.toLowerCase() }]
  if (/^(0x)?[0-9a-f]{64}$/i.test(word)) {
    const hash = `0x${word.toLowerCase().replace(/^0x/, '')}`
    return [
      { kind: 'transaction', id: hash },
      { kind: 'block', block: hash },
    ]
  }
  return []
}
