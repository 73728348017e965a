import { utf8 } from '@banyan/base'

const plain = /^[A-Za-z0-9\-_~:@]+$/

function encodeByte(byte: number): string {
  const character = String.fromCharCode(byte)
  return plain.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
}

/** The i-th level of a name for a text; only the first keeps a `$` in front. */
export function encodeLevel(text: string, i: number): string {
  if (plain.test(text)) return text
  if (text === '') return '%'
  if (i === 0 && text.startsWith('$')) return text === '$' ? text : `$${encodeLevel(text.slice(1), 1)}`
  return Array.from(utf8(text), encodeByte).join('')
}

/** The text that a level stands for; undefined if its bytes are not valid UTF-8. */
export function decodeLevel(level: string): string | undefined {
  if (level === '%') return ''
  try {
    return decodeURIComponent(level)
  } catch {
    return undefined
  }
}
