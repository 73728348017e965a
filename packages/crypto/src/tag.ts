import { assert, utf8 } from '@banyan/base'

/** A tag of docs/formats.md: ASCII text of at most 32 characters, padded with zeros to 32 bytes. */
export function tag(text: string): Uint8Array {
  const bytes = utf8(text)
  assert(bytes.length <= 32, 'a tag has at most 32 characters')
  const out = new Uint8Array(32)
  out.set(bytes)
  return out
}
