import type { Address } from '@banyan/base'
import { concatBytes, uintToLe } from '@banyan/base'
import {
  type CryptoProvider,
  ed25519Address,
  p256Address,
  secp256k1Address,
  verifyAssertion,
} from '@banyan/crypto'

/** Signatures as native transactions carry them, over any 32-byte digest. */

/** Numbers of the signature kinds. */
export const signatureKinds = { ed25519: 0, secp256k1: 1, webauthn: 2, p256: 3 } as const

export type Signature = {
  /** One of `signatureKinds`. */
  readonly kind: number
  /** ed25519: 32 bytes; P-256: 64 bytes `x ‖ y`; secp256k1: empty, for the key is recovered. */
  readonly publicKey: Uint8Array
  readonly signature: Uint8Array
}

/** What an authenticator returns, with its signature converted from DER (`derToRaw`). */
export type AssertionParts = {
  readonly authenticatorData: Uint8Array
  readonly clientDataJSON: Uint8Array
  /** `r ‖ s`, 64 bytes. */
  readonly signature: Uint8Array
}

const maxSignatureLength = 2048

export function signEd25519(
  provider: Pick<CryptoProvider, 'ed25519'>,
  digest: Uint8Array,
  seed: Uint8Array,
): Signature {
  return {
    kind: signatureKinds.ed25519,
    publicKey: provider.ed25519.publicKey(seed),
    signature: provider.ed25519.sign(digest, seed),
  }
}

export function signSecp256k1(
  provider: Pick<CryptoProvider, 'secp256k1'>,
  digest: Uint8Array,
  secret: Uint8Array,
): Signature {
  const { signature, recovery } = provider.secp256k1.sign(digest, secret)
  return {
    kind: signatureKinds.secp256k1,
    publicKey: new Uint8Array(0),
    signature: concatBytes(signature, Uint8Array.of(recovery)),
  }
}

export function signP256(provider: CryptoProvider, digest: Uint8Array, secret: Uint8Array): Signature {
  return {
    kind: signatureKinds.p256,
    publicKey: provider.p256.publicKey(secret),
    signature: provider.p256.sign(provider.sha256(digest), secret),
  }
}

/** The signature made of an assertion whose challenge was the digest. `publicKey` is `x ‖ y`. */
export function webauthnSignature(parts: AssertionParts, publicKey: Uint8Array): Signature {
  const { authenticatorData, clientDataJSON, signature } = parts
  return {
    kind: signatureKinds.webauthn,
    publicKey,
    signature: concatBytes(
      uintToLe(BigInt(authenticatorData.length), 2),
      authenticatorData,
      uintToLe(BigInt(clientDataJSON.length), 2),
      clientDataJSON,
      signature,
    ),
  }
}

/** Whether kind and lengths fit together; says nothing about validity. */
export function hasSignatureForm(signature: Signature): boolean {
  const keyLength = signature.publicKey.length
  const length = signature.signature.length
  switch (signature.kind) {
    case signatureKinds.ed25519:
      return keyLength === 32 && length === 64
    case signatureKinds.secp256k1:
      return keyLength === 0 && length === 65
    case signatureKinds.webauthn:
      return keyLength === 64 && readAssertion(signature.signature) !== undefined
    case signatureKinds.p256:
      return keyLength === 64 && length === 64
    default:
      return false
  }
}

/** Address of the key that made this signature of `digest`; `undefined` if it is not valid. */
export function signerAddress(
  provider: CryptoProvider,
  digest: Uint8Array,
  signature: Signature,
): Address | undefined {
  if (!hasSignatureForm(signature)) return undefined
  const { kind, publicKey, signature: bytes } = signature
  switch (kind) {
    case signatureKinds.ed25519:
      return provider.ed25519.verify(bytes, digest, publicKey)
        ? ed25519Address(provider, publicKey)
        : undefined
    case signatureKinds.secp256k1: {
      const point = provider.secp256k1.recover(digest, bytes.subarray(0, 64), bytes[64]!)
      return point && secp256k1Address(provider, point)
    }
    case signatureKinds.webauthn:
      return isAssertionValid(provider, digest, signature) ? p256Address(provider, publicKey) : undefined
    default:
      return provider.p256.verifyMessage(digest, bytes, publicKey)
        ? p256Address(provider, publicKey)
        : undefined
  }
}

function isAssertionValid(provider: CryptoProvider, digest: Uint8Array, signature: Signature): boolean {
  const parts = readAssertion(signature.signature)
  if (parts === undefined) return false
  const { publicKey } = signature
  // Any site and any authenticator that saw its user may sign: the challenge binds the transaction.
  return verifyAssertion(provider, { ...parts, publicKey, challenge: digest, requireUserVerification: false })
}

/** Splits `length (2) ‖ authenticatorData ‖ length (2) ‖ clientDataJSON ‖ r ‖ s`. */
function readAssertion(bytes: Uint8Array): AssertionParts | undefined {
  if (bytes.length > maxSignatureLength) return undefined
  const authenticatorEnd = partEnd(bytes, 0)
  const clientEnd = partEnd(bytes, authenticatorEnd)
  if (bytes.length !== clientEnd + 64) return undefined
  return {
    authenticatorData: bytes.subarray(2, authenticatorEnd),
    clientDataJSON: bytes.subarray(authenticatorEnd + 2, clientEnd),
    signature: bytes.subarray(clientEnd),
  }
}

/** Where the part with its length at `start` ends; beyond the bytes, the length reads as zero. */
function partEnd(bytes: Uint8Array, start: number): number {
  return start + 2 + (bytes[start] ?? 0) + 256 * (bytes[start + 1] ?? 0)
}
