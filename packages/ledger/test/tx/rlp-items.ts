import { concatBytes, uintToLe } from '@banyan/base'

/** An RLP item: bytes, a list, or bytes that stand for themselves. */
export type Item = Uint8Array | readonly Item[] | { readonly raw: Uint8Array }

function header(mark: number, length: number): Uint8Array {
  if (length <= 55) return Uint8Array.of(mark + length)
  const size = uintToLe(BigInt(length), 4).reverse()
  const minimal = size.subarray(size.findIndex((byte) => byte !== 0))
  return Uint8Array.of(mark + 55 + minimal.length, ...minimal)
}

export function rlp(item: Item): Uint8Array {
  if ('raw' in item) return item.raw
  if (item instanceof Uint8Array) {
    return item.length === 1 && item[0]! < 128 ? item : concatBytes(header(0x80, item.length), item)
  }
  const payload = concatBytes(...(item as readonly Item[]).map(rlp))
  return concatBytes(header(0xc0, payload.length), payload)
}

export const hex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'))
export const raw = (text: string): Item => ({ raw: hex(text) })
