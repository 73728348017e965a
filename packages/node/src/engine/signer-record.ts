import { asHash, type Hash } from '@banyan/base'
import type { SignerRecord } from '@banyan/consensus'
import { reader, writer } from './bytes.js'

/** Bits of the first number, for what was signed. */
const bits = { notarized: 1, nullified: 2, finalized: 4 } as const

/** docs/formats.md "Records of votes". */
export function encodeSignerRecord({
  epoch,
  view,
  notarized,
  nullified,
  finalized,
}: SignerRecord): Uint8Array {
  const signed =
    (notarized === undefined ? 0 : bits.notarized) |
    (nullified ? bits.nullified : 0) |
    (finalized === undefined ? 0 : bits.finalized)
  const out = writer().u32(signed).u64(epoch).u64(view)
  if (notarized !== undefined) out.fixed(notarized)
  if (finalized !== undefined) out.fixed(finalized)
  return out.done()
}

/** Error: MessageMalformed. */
export function decodeSignerRecord(bytes: Uint8Array): SignerRecord {
  const from = reader(bytes)
  const signed = from.u32(7)
  const epoch = from.u64()
  const view = from.u64()
  const hashIf = (bit: number): Hash | undefined =>
    (signed & bit) === 0 ? undefined : asHash(from.fixed(32))
  const notarized = hashIf(bits.notarized)
  const finalized = hashIf(bits.finalized)
  from.end()
  return { epoch, view, notarized, nullified: (signed & bits.nullified) !== 0, finalized }
}
