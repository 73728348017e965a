import type { Address, Hash } from '@banyan/base'
import type { Collection } from './collection.js'

/** Cryptography that contracts may use; one provider per process, all with equal results. */
export type HostCrypto = {
  readonly sha256: (bytes: Uint8Array) => Hash
  readonly keccak256: (bytes: Uint8Array) => Hash
  /** Ethereum address of the signer: `r ‖ s ‖ recovery (0 or 1)`, 65 bytes. `undefined` if there is none. */
  readonly recoverSecp256k1: (digest: Hash, signature: Uint8Array) => Address | undefined
  readonly verifyEd25519: (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean
  /** Key `x ‖ y`, signature `r ‖ s`. */
  readonly verifyP256: (publicKey: Uint8Array, digest: Hash, signature: Uint8Array) => boolean
  /** Whether whoever made `proof` (96 bytes) holds the secret of a BLS public key (48 bytes). */
  readonly verifyBlsPossession: (publicKey: Uint8Array, proof: Uint8Array) => boolean
}

/** Everything execution needs besides the state: plain data and pure functions. */
export type Host = {
  readonly collection: Collection
  readonly crypto: HostCrypto
}
