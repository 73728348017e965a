import { load } from './load.js'

/** The part of sodium-native that Banyan uses. Arguments must not be views of shared memory. */
type Sodium = {
  readonly crypto_sign_seed_keypair: (publicKey: Uint8Array, secretKey: Uint8Array, seed: Uint8Array) => void
  readonly crypto_sign_detached: (signature: Uint8Array, message: Uint8Array, secretKey: Uint8Array) => void
  /** Only `true` means valid. */
  readonly crypto_sign_verify_detached: (
    signature: Uint8Array,
    message: Uint8Array,
    publicKey: Uint8Array,
  ) => unknown
}

export const sodium = load<Sodium>('sodium-native')
