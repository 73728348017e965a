import type { Hex } from '@banyan/base'
import { clientError } from './errors.js'

/** Ids as text: what pages show, cache keys hold and JSON carries. Inputs may be any hexadecimal text of the right length. */

declare const brand: unique symbol

/** 20 bytes, in small letters: people and contracts alike. */
export type Address = Hex & { readonly [brand]: 'Address' }
/** 32 bytes, in small letters: a block or a transaction. */
export type Hash = Hex & { readonly [brand]: 'Hash' }

/** Error: ArgumentInvalid. */
export function requireAddress(text: Hex, argument: string): Address {
  return requireHex(text, 40, argument) as Address
}

/** Error: ArgumentInvalid. */
export function requireHash(text: Hex, argument: string): Hash {
  return requireHex(text, 64, argument) as Hash
}

function requireHex(text: Hex, digits: number, argument: string): Hex {
  if (text.length !== digits + 2 || !/^0x[0-9a-fA-F]+$/.test(text)) {
    throw clientError('ArgumentInvalid', {
      argument,
      reason: `it is not 0x and ${digits} hexadecimal digits`,
    })
  }
  return text.toLowerCase() as Hex
}

/** A whole number from 0 on. Error: ArgumentInvalid. */
export function requireCount(value: number, argument: string): number {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw clientError('ArgumentInvalid', { argument, reason: 'it is not a whole number from 0 on' })
  }
  return value
}
