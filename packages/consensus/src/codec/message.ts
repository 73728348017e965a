import { compareBytes, concatBytes } from '@banyan/base'
import type { ConsensusMessage, Evidence } from '../core/events.js'
import { encodeCertificate, readCertificate } from './certificate.js'
import { blockRefBytes, maxBlockRefBytes, readBlockRef } from './justification.js'
import { decodeWhole, integer, type Reader } from './reader.js'
import { encodeVote, readSignedVote } from './vote.js'

/** Most bytes of a message or of evidence: those of a proposal, with room for two votes. */
export const maxMessageBytes = maxBlockRefBytes + 512

const messageKinds = { proposal: 1, vote: 2, certificate: 3, ask: 4 } as const
const evidenceKinds = { votes: 1, justification: 2 } as const

/** Bytes of a message between nodes (docs/formats.md, "Messages"). */
export function encodeMessage(message: ConsensusMessage): Uint8Array {
  const kind = integer(messageKinds[message.kind], 1)
  if (message.kind === 'proposal') {
    return concatBytes(kind, encodeVote(message.vote), blockRefBytes(message.block))
  }
  if (message.kind === 'vote') return concatBytes(kind, encodeVote(message.vote))
  if (message.kind === 'certificate') return concatBytes(kind, encodeCertificate(message.certificate))
  return concatBytes(kind, integer(message.fromView, 8))
}

function readMessage(reader: Reader): ConsensusMessage {
  const kind = reader.byte()
  if (kind === messageKinds.proposal) {
    const vote = readSignedVote(reader)
    return { kind: 'proposal', block: readBlockRef(reader), vote }
  }
  if (kind === messageKinds.vote) return { kind: 'vote', vote: readSignedVote(reader) }
  if (kind === messageKinds.certificate) return { kind: 'certificate', certificate: readCertificate(reader) }
  if (kind === messageKinds.ask) return { kind: 'ask', fromView: reader.long() }
  return reader.refuse(`there is no kind ${kind}`)
}

/** Throws `ConsensusBytesMalformed`. The id of a proposed block is a claim until its header is seen. */
export function decodeMessage(bytes: Uint8Array): ConsensusMessage {
  return decodeWhole('message', bytes, maxMessageBytes, readMessage)
}

/** Bytes of evidence (docs/formats.md, "Evidence"); of two votes, the one with the lesser bytes comes first. */
export function encodeEvidence(evidence: Evidence): Uint8Array {
  const kind = integer(evidenceKinds[evidence.kind], 1)
  if (evidence.kind === 'justification') {
    return concatBytes(kind, encodeVote(evidence.vote), blockRefBytes(evidence.block))
  }
  const votes = [encodeVote(evidence.first), encodeVote(evidence.second)].sort(compareBytes)
  return concatBytes(kind, ...votes)
}

function readEvidence(reader: Reader): Evidence {
  const kind = reader.byte()
  if (kind === evidenceKinds.votes) {
    const first = readSignedVote(reader)
    const second = readSignedVote(reader)
    if (compareBytes(encodeVote(first), encodeVote(second)) >= 0) reader.refuse('the votes are not in order')
    return { kind: 'votes', first, second }
  }
  if (kind === evidenceKinds.justification) {
    const vote = readSignedVote(reader)
    return { kind: 'justification', vote, block: readBlockRef(reader) }
  }
  return reader.refuse(`there is no kind ${kind}`)
}

/** Throws `ConsensusBytesMalformed`. */
export function decodeEvidence(bytes: Uint8Array): Evidence {
  return decodeWhole('evidence', bytes, maxMessageBytes, readEvidence)
}
