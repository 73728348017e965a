import { createReader, createWriter, fail } from '@banyan/base'
import { maxRecordBytes } from './epoch-record.js'

/** Records one after the other, each with its length in front. */
export function joinRecords(records: readonly Uint8Array[]): Uint8Array {
  const out = createWriter()
  for (const record of records) out.bytes(record)
  return out.done()
}

/** Error: ProofMalformed. */
export function splitRecords(bytes: Uint8Array): readonly Uint8Array[] {
  const records: Uint8Array[] = []
  for (let at = 0; at < bytes.length; at += 4 + records.at(-1)!.length) {
    const from = createReader(bytes.subarray(at), (reason) => fail('ProofMalformed', { reason }))
    records.push(from.bytes(maxRecordBytes))
  }
  return records
}
