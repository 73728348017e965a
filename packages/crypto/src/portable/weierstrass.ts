import { fail } from '@banyan/base'
import type { ECDSA } from '@noble/curves/abstract/weierstrass.js'

/** Refuses secrets that are not 32 bytes in `[1, n)`. */
export function requireSecret(algorithm: string, curve: ECDSA, secret: Uint8Array): void {
  if (!curve.utils.isValidSecretKey(secret)) fail('KeyMalformed', { algorithm })
}

/** Public point `x ‖ y` of a valid secret. */
export function pointOf(curve: ECDSA, secret: Uint8Array): Uint8Array {
  return curve.getPublicKey(secret, false).slice(1)
}

/** SEC 1 uncompressed encoding of `x ‖ y`. */
export function uncompressed(point: Uint8Array): Uint8Array {
  const out = new Uint8Array(65)
  out[0] = 4
  out.set(point, 1)
  return out
}
