import { defineErrors } from './definition.js'

/** 1600-1699: committees, votes and signers. */
export const consensusErrors = defineErrors({
  CommitteeInvalid: {
    code: 1600,
    message: 'The committee is not valid: {reason}.',
    cause: 'A validator is malformed, named twice, or the weights are out of bounds.',
    fix: 'Correct the list of validators as the message says.',
    retryable: false,
  },
  ConsensusBytesMalformed: {
    code: 1601,
    message: 'The {what} is malformed: {reason}.',
    cause: 'The bytes do not follow the layout, exceed a bound, or are not the one valid form.',
    fix: 'Discard them; a peer that sends such bytes is faulty or of another version.',
    retryable: false,
  },
  VoteRefused: {
    code: 1602,
    message: 'The signer does not sign in view {view} of epoch {epoch}: {reason}.',
    cause: 'What was to be signed contradicts what this key has signed before, or its floor.',
    fix: 'Make sure that no other process uses this key, then restart the node and report what happened.',
    retryable: false,
  },
  SignerExists: {
    code: 1603,
    message: 'The folder {path} holds the memory of a signer already.',
    cause: 'The memory of what a key has signed is made once, together with the key.',
    fix: 'Open it. To begin with a new key use another folder.',
    retryable: false,
  },
})
