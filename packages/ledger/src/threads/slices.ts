import { type Batch, envelopesOf, generalBatch, transferBatch, transferRecords } from '../block/batch.js'
import { transferRecordLength } from '../tx/transfer.js'

/** Part of a batch: a batch of its own, in memory of its own. */
export type Slice = { readonly first: number; readonly batch: Batch }

/** Most transfers in a slice: about 40 ms of work. */
const transfersAtOnce = 1000
/** Most other transactions in a slice: a worker executes no groups while it works on them. */
const generalAtOnce = 64

/** Splits a batch for `workers` workers, so that each gets about the same. Error: BlockMalformed. */
export function slicesOf(batch: Batch, workers: number): Slice[] {
  const envelopes = batch.kind === 'general' ? envelopesOf(batch) : []
  const most = batch.kind === 'general' ? generalAtOnce : transfersAtOnce
  const pieces = Math.max(Math.ceil(batch.count / most), Math.min(workers, batch.count))
  const length = Math.ceil(batch.count / pieces)
  const slices: Slice[] = []
  for (let first = 0; first < batch.count; first += length) {
    const end = Math.min(first + length, batch.count)
    slices.push({
      first,
      batch:
        batch.kind === 'general'
          ? generalBatch(envelopes.slice(first, end))
          : transferBatch(
              transferRecords(batch).subarray(first * transferRecordLength, end * transferRecordLength),
            ),
    })
  }
  return slices
}
