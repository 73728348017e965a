import { keccak_256 } from '@noble/hashes/sha3.js'
import { sha256, tag } from './merkle.js'

/** Address of an ed25519 public key (32 bytes). */
export function ed25519Address(publicKey: Uint8Array): Uint8Array {
  return sha256(publicKey, tag('banyan/address/ed25519')).slice(12)
}

/** Address of a secp256k1 point, `x ‖ y` (64 bytes): Ethereum's rule. */
export function secp256k1Address(point: Uint8Array): Uint8Array {
  return keccak_256(point).slice(12)
}

/** Address of a P-256 point, `x ‖ y` (64 bytes). */
export function p256Address(point: Uint8Array): Uint8Array {
  return sha256(sha256(point), tag('banyan/address/p256')).slice(12)
}
