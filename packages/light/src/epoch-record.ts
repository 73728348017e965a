import {
  asAddress,
  createReader,
  createWriter,
  fail,
  type Hash,
  type Reader,
  type Writer,
} from '@banyan/base'
import { maxMembers, type Validator } from '@banyan/consensus'
import {
  decodeSummary,
  encodeSummary,
  type HeaderSummary,
  maxSummaryBytes,
  summaryId,
} from '@banyan/ledger/proofs'
import { maxFinalityBytes } from './finality.js'

/** What a finished epoch left: its last block and what proves it final, and the committee that it elected. */
export type EpochRecord = {
  readonly epoch: number
  readonly header: HeaderSummary
  readonly id: Hash
  /** Encoded proof of finality. */
  readonly proof: Uint8Array
  /** Committee of the epoch after the next, as the header commits to it. */
  readonly elected: readonly Validator[]
}

const validatorBytes = 20 + 32 + 48 + 8
/** Largest encoded record. */
export const maxRecordBytes = 20 + maxSummaryBytes + maxFinalityBytes + maxMembers * validatorBytes

function refuse(reason: string): never {
  return fail('ProofMalformed', { reason })
}

export function writeValidators(out: Writer, validators: readonly Validator[]): Writer {
  out.u32(validators.length)
  for (const { address, ed25519Key, blsKey, weight } of validators) {
    out.fixed(address).fixed(ed25519Key).fixed(blsKey).u64(weight)
  }
  return out
}

export function readValidators(from: Reader): readonly Validator[] {
  return Array.from({ length: from.u32(maxMembers) }, () => ({
    address: asAddress(from.fixed(20)),
    ed25519Key: from.fixed(32),
    blsKey: from.fixed(48),
    weight: from.u64(),
  }))
}

/** docs/formats.md "Records of epochs". */
export function encodeEpochRecord({ epoch, header, proof, elected }: EpochRecord): Uint8Array {
  const out = createWriter().u64(epoch).bytes(encodeSummary(header)).bytes(proof)
  return writeValidators(out, elected).done()
}

/** Errors: ProofMalformed, BlockMalformed. */
export function decodeEpochRecord(bytes: Uint8Array): EpochRecord {
  const from = createReader(bytes, refuse)
  const epoch = from.u64()
  const header = decodeSummary(from.bytes(maxSummaryBytes))
  const proof = from.bytes(maxFinalityBytes)
  const elected = readValidators(from)
  from.end()
  return { epoch, header, id: summaryId(header), proof, elected }
}
