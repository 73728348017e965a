import { toHex } from '@banyan/base'

/** JSON form of a transaction: bytes as hex, bigints as decimal text. */
export type Plain = string | number | boolean | readonly Plain[] | { readonly [key: string]: Plain }

export function plain(value: unknown): Plain {
  if (value instanceof Uint8Array) return toHex(value)
  if (typeof value === 'bigint') return value.toString()
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, plain(part)]))
  }
  return value as string | number | boolean
}
