import { type Address, asHash, type Hash } from '@banyan/base'
import type { CallContext } from './context.js'
import { chargeGas, gasPrices } from './gas.js'

function chargeHash(context: CallContext, length: number): void {
  chargeGas(context.meter, gasPrices.hash + gasPrices.hashChunk * Math.ceil(length / 32))
}

export function sha256(context: CallContext, bytes: Uint8Array): Hash {
  chargeHash(context, bytes.length)
  return context.host.crypto.sha256(bytes)
}

export function keccak256(context: CallContext, bytes: Uint8Array): Hash {
  chargeHash(context, bytes.length)
  return context.host.crypto.keccak256(bytes)
}

/** Address that signed a 32-byte digest, from `r ‖ s ‖ recovery (0 or 1)`; `undefined` if there is none. */
export function recoverSecp256k1(
  context: CallContext,
  digest: Uint8Array,
  signature: Uint8Array,
): Address | undefined {
  chargeGas(context.meter, gasPrices.secp256k1Recover)
  return context.host.crypto.recoverSecp256k1(asHash(digest), signature)
}

/** Signatures of other sizes than 32-byte key and 64-byte signature are false. */
export function verifyEd25519(
  context: CallContext,
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  chargeGas(context.meter, gasPrices.ed25519Verify)
  chargeHash(context, message.length)
  return context.host.crypto.verifyEd25519(publicKey, message, signature)
}

/** P-256 over a 32-byte digest: key `x ‖ y`, signature `r ‖ s`. */
export function verifyP256(
  context: CallContext,
  publicKey: Uint8Array,
  digest: Uint8Array,
  signature: Uint8Array,
): boolean {
  chargeGas(context.meter, gasPrices.p256Verify)
  return context.host.crypto.verifyP256(publicKey, asHash(digest), signature)
}

/** Keys and proofs of other sizes than 48 and 96 bytes are false. */
export function verifyBlsPossession(context: CallContext, publicKey: Uint8Array, proof: Uint8Array): boolean {
  chargeGas(context.meter, gasPrices.blsPossession)
  return context.host.crypto.verifyBlsPossession(publicKey, proof)
}
