import { concatBytes } from '@banyan/base'
import type { QuorumRule } from '../committee.js'
import type { Certificate } from '../vote.js'
import { decodeWhole, integer, type Reader } from './reader.js'
import { readVote, voteBytes } from './vote.js'

const maxBitmapBytes = 128
/** Signatures of 33 members, of whom all may be needed for a quorum. */
const maxCombinedBytes = 64 * 33
/** Most bytes of a certificate: rule, vote, bitmap and signature with their lengths. */
export const maxCertificateBytes = 1 + 41 + 1 + maxBitmapBytes + 2 + maxCombinedBytes

const rules: readonly QuorumRule[] = ['byzantine', 'crash']

/** Bit i of byte j stands for member 8j + i; no more bytes than the last signer needs. */
function bitmapOf(signers: readonly number[]): Uint8Array {
  const bitmap = new Uint8Array(Math.floor(signers[signers.length - 1]! / 8) + 1)
  for (const signer of signers) bitmap[signer >>> 3]! |= 1 << (signer & 7)
  return bitmap
}

function readSigners(reader: Reader): readonly number[] {
  const length = reader.byte()
  if (length === 0 || length > maxBitmapBytes) reader.refuse(`the bitmap has ${length} bytes`)
  const bitmap = reader.bytes(length)
  if (bitmap[length - 1] === 0) reader.refuse('the bitmap ends with a zero byte')
  const signers: number[] = []
  for (let i = 0; i < 8 * length; i++) if ((bitmap[i >>> 3]! >>> (i & 7)) & 1) signers.push(i)
  return signers
}

export function readCertificate(reader: Reader): Certificate {
  const number = reader.byte()
  const rule = rules[number] ?? reader.refuse(`there is no quorum rule ${number}`)
  const vote = readVote(reader)
  const signers = readSigners(reader)
  const length = reader.short()
  if (length === 0 || length > maxCombinedBytes) reader.refuse(`the signature has ${length} bytes`)
  return { rule, vote, signers, signature: reader.bytes(length) }
}

/** Bytes of a certificate (docs/formats.md, "Certificates"). It has signers, in ascending order. */
export function encodeCertificate({ rule, vote, signers, signature }: Certificate): Uint8Array {
  const bitmap = bitmapOf(signers)
  return concatBytes(
    integer(rules.indexOf(rule), 1),
    voteBytes(vote),
    integer(bitmap.length, 1),
    bitmap,
    integer(signature.length, 2),
    signature,
  )
}

/** Throws `ConsensusBytesMalformed`. */
export function decodeCertificate(bytes: Uint8Array): Certificate {
  return decodeWhole('certificate', bytes, maxCertificateBytes, readCertificate)
}
