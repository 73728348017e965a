import type { Hash } from '@banyan/base'

/** A recoverable secp256k1 signature. */
export type RecoverableSignature = {
  /** `r ‖ s`, 64 bytes, `s ≤ n/2`. */
  readonly signature: Uint8Array
  readonly recovery: 0 | 1
}

/**
 * Every primitive that Banyan uses. The two back ends, `native` and `portable`, give the same answer for every input.
 * Inputs may be views of shared memory. Functions that check something return `false` or `undefined` for input of any
 * wrong form; functions that make something throw `KeyMalformed` or `OptionInvalid`.
 */
export type CryptoProvider = {
  readonly name: 'native' | 'portable'
  readonly sha256: (data: Uint8Array) => Hash
  readonly keccak256: (data: Uint8Array) => Hash
  /**
   * SHA-256 of each 64-byte block: `input` has 64·n bytes, `output` 32·n. `output` may be the start of `input` itself.
   */
  readonly hashPairs: (input: Uint8Array, output: Uint8Array) => void
  /** Bytes from the operating system's secure generator. */
  readonly randomBytes: (length: number) => Uint8Array
  readonly ed25519: Ed25519
  /**
   * Checks `count` signatures over 32-byte messages: `messages` is count × 32 bytes, `signatures` count × 64,
   * `publicKeys` count × 32. Sets `verdicts[i]` to 1 where `ed25519.verify` holds, else to 0.
   */
  readonly verifyEd25519Batch: (
    messages: Uint8Array,
    signatures: Uint8Array,
    publicKeys: Uint8Array,
    count: number,
    verdicts: Uint8Array,
  ) => void
  readonly secp256k1: Secp256k1
  readonly p256: P256
  readonly bls: Bls
}

/** What roots, ids and addresses need: a client can have these without any curve. */
export type Hasher = Pick<CryptoProvider, 'sha256' | 'keccak256' | 'hashPairs'>

/** Ed25519 under the strict rule of docs/formats.md, "Keys and addresses". */
export type Ed25519 = {
  /** 32-byte public key of a 32-byte seed (RFC 8032, 5.1.5). */
  readonly publicKey: (seed: Uint8Array) => Uint8Array
  /** 64-byte signature of a message of any length (RFC 8032, 5.1.6). */
  readonly sign: (message: Uint8Array, seed: Uint8Array) => Uint8Array
  readonly verify: (signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array) => boolean
}

export type Secp256k1 = {
  /** Point `x ‖ y`, 64 bytes, of a 32-byte secret. */
  readonly publicKey: (secret: Uint8Array) => Uint8Array
  /** Deterministic signature (RFC 6979) of a 32-byte hash. */
  readonly sign: (hash: Uint8Array, secret: Uint8Array) => RecoverableSignature
  /** Point `x ‖ y` of the signer; `undefined` for malformed signatures and for `s > n/2`. */
  readonly recover: (hash: Uint8Array, signature: Uint8Array, recovery: number) => Uint8Array | undefined
}

export type P256 = {
  /** Point `x ‖ y`, 64 bytes, of a 32-byte secret. */
  readonly publicKey: (secret: Uint8Array) => Uint8Array
  /** Deterministic signature `r ‖ s`, 64 bytes, `s ≤ n/2`, of a 32-byte hash. */
  readonly sign: (hash: Uint8Array, secret: Uint8Array) => Uint8Array
  /** `false` also for `s > n/2`. No back end has native code for this one: about 2 ms. */
  readonly verify: (hash: Uint8Array, signature: Uint8Array, publicKey: Uint8Array) => boolean
  /** `verify` over SHA-256 of the message, as WebAuthn and Web Crypto sign; native code checks it in about 0.15 ms. */
  readonly verifyMessage: (message: Uint8Array, signature: Uint8Array, publicKey: Uint8Array) => boolean
}

declare const blsKeyBrand: unique symbol

/** A public key that was decoded and found valid: not zero, in the group. Only the back end that read it knows it. */
export type BlsKey = { readonly [blsKeyBrand]: true }

/**
 * BLS signatures over BLS12-381 with keys in G1 (48 bytes) and signatures in G2 (96 bytes), compressed, as the
 * proof-of-possession scheme of draft-irtf-cfrg-bls-signature with the suite that Ethereum uses. Keys of an aggregate
 * must have proven possession, or some of them can cancel others.
 */
export type Bls = {
  /** Public key of a 32-byte big-endian secret in `[1, r)`. */
  readonly publicKey: (secret: Uint8Array) => Uint8Array
  readonly sign: (message: Uint8Array, secret: Uint8Array) => Uint8Array
  /** `undefined` for malformed keys, the zero point and points outside the group. */
  readonly readKey: (publicKey: Uint8Array) => BlsKey | undefined
  readonly verify: (signature: Uint8Array, message: Uint8Array, key: BlsKey) => boolean
  /** Sum of signatures; `undefined` if one is malformed, zero or outside the group, and for a sum of zero. */
  readonly aggregate: (signatures: readonly Uint8Array[]) => Uint8Array | undefined
  /** Whether all keys have signed this one message. `false` without keys, and if the keys sum up to zero. */
  readonly verifyAggregate: (signature: Uint8Array, message: Uint8Array, keys: readonly BlsKey[]) => boolean
  /** Signature of the public key itself under a domain of its own: whoever shows it has the secret. */
  readonly provePossession: (secret: Uint8Array) => Uint8Array
  readonly verifyPossession: (publicKey: Uint8Array, proof: Uint8Array) => boolean
}
