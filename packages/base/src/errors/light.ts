import { defineErrors } from './definition.js'

/** 2100-2149: what a light client does not believe. */
export const lightErrors = defineErrors({
  ProofMalformed: {
    code: 2100,
    message: 'The proof is malformed: {reason}.',
    cause: 'Its bytes do not follow the layout, exceed a bound, or end too early.',
    fix: 'Ask another node; this one is faulty or of another version.',
    retryable: true,
  },
  ProofWrong: {
    code: 2101,
    message: 'The proof does not hold: {reason}.',
    cause: 'What it shows is not under the root in the header that comes with it: it is forged or damaged.',
    fix: 'Ask another node, and do not use this answer.',
    retryable: true,
  },
  ChainMismatch: {
    code: 2102,
    message: 'The node serves another chain: {what} is {actual} instead of {expected}.',
    cause: 'Its blocks belong to another genesis than the one that is trusted.',
    fix: 'Use the address of a node of the right chain, or correct the trusted genesis.',
    retryable: false,
  },
  CommitteeMismatch: {
    code: 2103,
    message: 'Epoch {epoch} is not decided by this committee: {reason}.',
    cause: 'A certificate or a list of validators belongs to another epoch or was never elected.',
    fix: 'Ask another node, and do not use this answer.',
    retryable: true,
  },
  WeightTooLow: {
    code: 2104,
    message: 'The signers of the certificate weigh {weight}; a quorum is {quorum}.',
    cause: 'Too few validators have signed for the block to be final.',
    fix: 'Ask another node, and do not use this answer.',
    retryable: true,
  },
  CertificateInvalid: {
    code: 2105,
    message: 'The certificate does not hold: {reason}.',
    cause: 'It is forged, damaged, or of another chain.',
    fix: 'Ask another node, and do not use this answer.',
    retryable: true,
  },
  ProofStale: {
    code: 2106,
    message: 'The proof shows the past: {what} is {actual}, at least {least} was asked for.',
    cause: 'The node lags behind, or holds back what is new.',
    fix: 'Ask another node, or ask again when this one has caught up.',
    retryable: true,
  },
  EpochUnknown: {
    code: 2107,
    message: 'The committee of epoch {epoch} is not known here; those of {first} to {last} are.',
    cause: 'The client has not followed so far yet, started from a later checkpoint, or keeps fewer epochs.',
    fix: 'Follow the chain first; for old blocks keep more epochs or start from an earlier checkpoint.',
    retryable: true,
  },
  CheckpointInvalid: {
    code: 2108,
    message: 'The checkpoint cannot be used: {reason}.',
    cause: 'Its bytes are damaged, of another version, or of another chain.',
    fix: 'Start from the genesis, or from a checkpoint of somebody whom you trust.',
    retryable: false,
  },
  NodeUnreachable: {
    code: 2109,
    message: 'No node gave a usable answer: {reason}.',
    cause: 'The nodes are down, too slow, refused the request, or the network between is broken.',
    fix: 'Ask again, or name further nodes.',
    retryable: true,
  },
  AnswerTooLarge: {
    code: 2110,
    message: 'The answer of a node has more than {limit} bytes.',
    cause: 'Nothing that was asked for is that large: the node is faulty or means harm.',
    fix: 'Ask another node.',
    retryable: true,
  },
})
