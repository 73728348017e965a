import { defineErrors } from './definition.js'

/** 1100-1199: keys, signatures and proofs. */
export const cryptoErrors = defineErrors({
  KeyMalformed: {
    code: 1100,
    message: 'The {algorithm} key is malformed.',
    cause: 'The bytes are not a valid key of that algorithm: wrong length, or not a point of the curve.',
    fix: 'Check how the key was read or copied.',
    retryable: false,
  },
  ProofInvalid: {
    code: 1101,
    message: 'The proof does not hold: {reason}.',
    cause: 'The proof was made for other data or another root, or it was altered.',
    fix: 'Ask for the proof again, for the root you trust.',
    retryable: false,
  },
  NativeUnavailable: {
    code: 1102,
    message: 'The native module {module} could not be loaded.',
    cause: 'No binary of it exists for this platform, or the installation is incomplete.',
    fix: 'Run `npm ci` again, or use the portable crypto provider.',
    retryable: false,
  },
  AddressMalformed: {
    code: 1103,
    message: '"{text}" is not an address.',
    cause: 'An address is written as 0x and 40 hexadecimal digits.',
    fix: 'Copy the address again, whole.',
    retryable: false,
  },
  AddressChecksumWrong: {
    code: 1104,
    message: 'The checksum of the address {text} is wrong.',
    cause: 'The capital letters of a mixed-case address are its checksum (EIP-55): a digit was mistyped.',
    fix: 'Copy the address again from its source; do not change its letters to lower case to get it accepted.',
    retryable: false,
  },
})
