import { decodeGeneral } from '../block/batch-content.js'
import type { CallEntry, ScheduledCall } from '../execute/call-result.js'
import { readVerified, verifiedLength, writeVerified } from './verified-bytes.js'

/** `alone (1) ‖ length of the envelope (4) ‖ envelope ‖ verified`, back to back. */
const fixedLength = 5

/** Calls as bytes, which cross threads far cheaper than objects. */
export function encodeCalls(calls: readonly ScheduledCall[]): Uint8Array {
  const length = calls.reduce(
    (sum, { entry }) => sum + fixedLength + entry.envelope.length + verifiedLength(entry.verified),
    0,
  )
  const out = new Uint8Array(length)
  const view = new DataView(out.buffer)
  let offset = 0
  for (const { entry, alone } of calls) {
    out[offset] = alone ? 1 : 0
    view.setUint32(offset + 1, entry.envelope.length, true)
    out.set(entry.envelope, offset + fixedLength)
    offset = writeVerified(out, offset + fixedLength + entry.envelope.length, entry.verified)
  }
  return out
}

/** Calls from their bytes, in groups of the given sizes. Each envelope is a copy, because results keep views of it. */
export function decodeCalls(bytes: Uint8Array, sizes: readonly number[]): ScheduledCall[][] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  let offset = 0
  const next = (): ScheduledCall => {
    const alone = bytes[offset] === 1
    const start = offset + fixedLength
    const end = start + view.getUint32(offset + 1, true)
    const envelope = bytes.slice(start, end)
    const { verified, end: after } = readVerified(bytes, end)
    offset = after
    // Only calls are scheduled, never packages.
    return { alone, entry: { transaction: decodeGeneral(envelope), envelope, verified } as CallEntry }
  }
  return sizes.map((size) => Array.from({ length: size }, next))
}
