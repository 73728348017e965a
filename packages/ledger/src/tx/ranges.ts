import { fail } from '@banyan/base'

/** Checks on what a caller gives to an encoder: a value that does not fit must never be cut off silently. */

export function requireUint(value: bigint, bits: number, option: string): void {
  if (value < 0n || value >> BigInt(bits) !== 0n) {
    fail('OptionInvalid', { option, reason: `it is not an unsigned integer of ${bits} bits` })
  }
}

export function requireU32(value: number, option: string): void {
  if (value >>> 0 !== value) {
    fail('OptionInvalid', { option, reason: 'it is not an unsigned integer of 32 bits' })
  }
}

export function requireLength(bytes: Uint8Array, length: number, option: string): void {
  if (bytes.length !== length) {
    fail('OptionInvalid', { option, reason: `it has ${bytes.length} bytes instead of ${length}` })
  }
}
