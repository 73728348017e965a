import { toHex } from './bytes.js'

/** As many digits as 256 bits need. */
const wholeNumber = /^-?\d{1,78}n$/

/**
 * JSON in which whole numbers of any size (bigint) are texts of digits that end in `n`, and bytes are hexadecimal text. A text that has this
 * form itself comes back as a number: what may hold one must not be written so.
 */
export function encodeJson(value: unknown): string {
  return JSON.stringify(value, function (this: Readonly<Record<string, unknown>>, key, told: unknown) {
    if (typeof told === 'bigint') return `${told}n`
    // Buffers would tell of themselves as objects: what the field holds is asked before that.
    const held = this[key]
    return held instanceof Uint8Array ? toHex(held) : told
  })
}

/** A value of `encodeJson`; bytes stay text. Throws what `JSON.parse` throws. */
export function decodeJson(text: string): unknown {
  return JSON.parse(text, (_, told: unknown) =>
    typeof told === 'string' && wholeNumber.test(told) ? BigInt(told.slice(0, -1)) : told,
  )
}
