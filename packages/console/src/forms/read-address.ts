import { aliasOf } from '../names/address-marks.js'
import type { KnownNames } from '../names/known-names.js'

/** What a person typed as somebody: an address, or what is wrong with it, or nothing yet. */
export type ReadAddress =
  | { readonly kind: 'empty' }
  | { readonly kind: 'wrong'; readonly reason: string }
  | { readonly kind: 'address'; readonly address: `0x${string}` }

/** Reads an address, or the name or alias of one that is known. */
export function readAddress(text: string, names: KnownNames): ReadAddress {
  const word = text.trim()
  if (word === '') return { kind: 'empty' }
  if (/^0x[0-9a-f]{40}$/i.test(word)) return { kind: 'address', address: lower(word) }
  if (/^0x/i.test(word)) {
    const digits = word.length - 2
    const reason = /^0x[0-9a-f]*$/i.test(word)
      ? `An address has 40 characters after 0x; this has ${digits}.`
      : 'This is no address: after 0x there are only digits and letters from a to f.'
    return { kind: 'wrong', reason }
  }
  const found = [...names].filter(([address, name]) => isCalled(address, name, word.toLowerCase()))
  const [only] = found
  if (only === undefined)
    return { kind: 'wrong', reason: 'Nobody here has this name. Paste an address, or choose a name.' }
  if (found.length > 1) return { kind: 'wrong', reason: 'Several have this name. Paste the address.' }
  return { kind: 'address', address: lower(only[0]) }
}

function isCalled(address: string, name: string, word: string): boolean {
  return name.toLowerCase() === word || aliasOf(address) === word
}

function lower(address: string): `0x${string}` {
  return `0x${address.slice(2).toLowerCase()}`
}

/** A known account whose first and last characters are those of `address`, though it is another one. */
export function lookAlike(address: string, known: Iterable<string>): string | undefined {
  for (const other of known) {
    const isSame = other.toLowerCase() === address
    if (!isSame && other.slice(2, 6) === address.slice(2, 6) && other.slice(-4) === address.slice(-4))
      return other
  }
  return undefined
}
