import { concatBytes } from '@banyan/base'
import { maxMembers } from '../committee.js'
import type { SignedVote, Vote } from '../vote.js'
import { voteKinds } from '../vote-message.js'
import { decodeWhole, integer, type Reader } from './reader.js'

const maxSignatureBytes = 96
const maxVoteBytes = 256

export function voteBytes(vote: Vote): Uint8Array {
  const place = concatBytes(integer(voteKinds[vote.kind], 1), integer(vote.view, 8))
  return vote.kind === 'nullify' ? place : concatBytes(place, vote.blockId)
}

export function readVote(reader: Reader): Vote {
  const number = reader.byte()
  const view = reader.long()
  if (view === 0) reader.refuse('views begin with 1')
  if (number === voteKinds.nullify) return { kind: 'nullify', view }
  if (number === voteKinds.notarize) return { kind: 'notarize', view, blockId: reader.hash() }
  if (number === voteKinds.finalize) return { kind: 'finalize', view, blockId: reader.hash() }
  return reader.refuse(`there is no kind of vote ${number}`)
}

export function readSigner(reader: Reader): number {
  const signer = reader.short()
  return signer < maxMembers ? signer : reader.refuse(`there is no member ${signer}`)
}

export function readSignedVote(reader: Reader): SignedVote {
  const vote = readVote(reader)
  const signer = readSigner(reader)
  const length = reader.byte()
  if (length === 0 || length > maxSignatureBytes) reader.refuse(`a signature has ${length} bytes`)
  return { vote, signer, signature: reader.bytes(length) }
}

/** Bytes of a signed vote (docs/formats.md, "Votes"). */
export function encodeVote({ vote, signer, signature }: SignedVote): Uint8Array {
  return concatBytes(voteBytes(vote), integer(signer, 2), integer(signature.length, 1), signature)
}

/** Throws `ConsensusBytesMalformed`. */
export function decodeVote(bytes: Uint8Array): SignedVote {
  return decodeWhole('vote', bytes, maxVoteBytes, readSignedVote)
}
