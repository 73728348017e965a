export { hasQuorum, verifyCertificate } from './certificate.js'
export { decodeCertificate, encodeCertificate, maxCertificateBytes } from './codec/certificate.js'
export { decodeJustification, encodeJustification, maxJustificationBytes } from './codec/justification.js'
export {
  decodeEvidence,
  decodeMessage,
  encodeEvidence,
  encodeMessage,
  maxMessageBytes,
} from './codec/message.js'
export { decodeVote, encodeVote } from './codec/vote.js'
export {
  type Committee,
  createCommittee,
  maxMembers,
  type QuorumRule,
  quorumOf,
  type Validator,
} from './committee.js'
export type * from './core/events.js'
export { heldCertificates } from './core/standstill.js'
export { type Core, createCore } from './core/state.js'
export { step } from './core/step.js'
export { verifyEvidence } from './evidence.js'
export { type EpochRules, maxSkippedViews, verifyJustification } from './justification.js'
export * from './schedules.js'
export { blsFrom, blsScheme, ed25519Scheme, schemeOf, verifyPossession } from './schemes.js'
export type { SignerFloor } from './signer/format.js'
export type { Loss } from './signer/generation.js'
export { quarantineEnd } from './signer/quarantine.js'
export {
  createSigner,
  type OpenedSigner,
  openSigner,
  restartSigner,
  type SignerStore,
} from './signer/store.js'
export type { Certificate, SignedVote, Vote, VotingScheme } from './vote.js'
export { sameCertificate, sameVote, votesConflict } from './vote-equality.js'
export { type ChainName, voteMessages } from './vote-message.js'
