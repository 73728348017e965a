import type { Random } from '@banyan/testing'

export type Altered = { readonly what: string; readonly value: unknown }

/** The value with one part of it changed, for every part: a bit or the length of bytes, a number, a list's length. */
export function* alterations(random: Random, value: unknown, what = ''): Generator<Altered> {
  if (value instanceof Uint8Array) yield* alteredBytes(random, value, what)
  else if (typeof value === 'number') yield* alteredNumber(value, what)
  else if (typeof value === 'bigint') {
    yield { what: `${what} + 1`, value: value + 1n }
    yield { what: `${what} - 1`, value: value - 1n }
  } else if (Array.isArray(value)) yield* alteredList(random, value, what)
  else if (typeof value === 'object' && value !== null) {
    for (const [key, part] of Object.entries(value)) {
      for (const altered of alterations(random, part, `${what}.${key}`)) {
        yield { what: altered.what, value: { ...value, [key]: altered.value } }
      }
    }
  }
}

function* alteredBytes(random: Random, bytes: Uint8Array, what: string): Generator<Altered> {
  const longer = new Uint8Array(bytes.length + 32)
  longer.set(bytes)
  yield { what: `${what} and a chunk`, value: longer }
  if (bytes.length === 0) return
  const bit = random.below(8 * bytes.length)
  const flipped = bytes.map((byte, i) => (i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte))
  yield { what: `${what}, bit ${bit}`, value: flipped }
  yield { what: `${what} without its last byte`, value: bytes.subarray(0, -1) }
}

function* alteredNumber(value: number, what: string): Generator<Altered> {
  for (const change of [1, -1, 0.5, 2 ** 32]) yield { what: `${what} + ${change}`, value: value + change }
}

function* alteredList(random: Random, list: readonly unknown[], what: string): Generator<Altered> {
  for (const [i, part] of list.entries()) {
    for (const altered of alterations(random, part, `${what}[${i}]`)) {
      yield { what: altered.what, value: list.with(i, altered.value) }
    }
  }
  yield { what: `${what} without its last`, value: list.slice(0, -1) }
  yield { what: `${what} with its last twice`, value: [...list, list.at(-1)] }
}
