import { banyanError, fail } from '@banyan/base'
import type { CryptoProvider } from '@banyan/crypto'
import { decodeBatch, transferRecords } from '../block/batch.js'
import { describeContent, type GeneralEntry } from '../block/batch-content.js'
import { findInvalidRecord } from '../block/transfer-records.js'
import type { SliceContent, SliceRequest } from './messages.js'
import { verifiedLength, writeVerified } from './verified-bytes.js'

/** Signatures between two pauses: about 2 ms. */
const signaturesAtOnce = 64

/**
 * Describes and verifies one slice. Calls `pause` now and then, so that more urgent work need not wait.
 * Errors: BatchTransactionInvalid with an index that counts from the start of the slice, BlockMalformed.
 */
export function verifySlice(
  provider: CryptoProvider,
  { domains, bytes }: SliceRequest,
  pause: () => void,
): SliceContent {
  const batch = decodeBatch(bytes)
  const leaves = new Uint8Array(batch.count * 32)
  const { ids, senders, entries } = describeContent(provider, domains, batch, leaves)
  if (batch.kind === 'general') return { ids, senders, leaves, verified: encodeVerified(entries) }
  for (let from = 0; from < batch.count; from += signaturesAtOnce) {
    const to = Math.min(from + signaturesAtOnce, batch.count)
    const index = findInvalidRecord(provider, transferRecords(batch), ids, from, to)
    if (index >= 0) {
      fail('BatchTransactionInvalid', { index, reason: banyanError('SignatureInvalid').message })
    }
    pause()
  }
  return { ids, senders, leaves, verified: new Uint8Array(0) }
}

function encodeVerified(entries: readonly GeneralEntry[]): Uint8Array {
  const out = new Uint8Array(entries.reduce((sum, { verified }) => sum + verifiedLength(verified), 0))
  let offset = 0
  for (const { verified } of entries) offset = writeVerified(out, offset, verified)
  return out
}
