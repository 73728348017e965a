import { fail } from '@banyan/base'

/** Refuses input to be signed or hashed that does not have the length of its format. */
export function requireLength(what: string, bytes: Uint8Array, length: number): void {
  if (bytes.length !== length) {
    fail('OptionInvalid', { option: what, reason: `it has ${bytes.length} bytes instead of ${length}` })
  }
}

/** Refuses a key of the wrong length. */
export function requireKeyLength(algorithm: string, key: Uint8Array, length: number): void {
  if (key.length !== length) fail('KeyMalformed', { algorithm })
}

/** Checks the lengths of a flat signature batch. */
export function requireBatchLengths(
  messages: Uint8Array,
  signatures: Uint8Array,
  publicKeys: Uint8Array,
  count: number,
  verdicts: Uint8Array,
): void {
  const fits =
    messages.length >= 32 * count &&
    signatures.length >= 64 * count &&
    publicKeys.length >= 32 * count &&
    verdicts.length >= count
  if (!fits)
    fail('OptionInvalid', { option: 'count', reason: `an array is too short for ${count} signatures` })
}

/** Checks the lengths of a `hashPairs` call. */
export function requirePairLengths(input: Uint8Array, output: Uint8Array): void {
  if (input.length % 64 !== 0) {
    fail('OptionInvalid', { option: 'input', reason: `${input.length} bytes are not a multiple of 64` })
  }
  requireLength('output', output, input.length / 2)
}
