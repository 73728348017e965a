import { p256 as curve } from '@noble/curves/nist.js'
import { sha256 } from './hash.js'

/**
 * Points `x ‖ y` of the keys that could have made a signature `r ‖ s` over SHA-256 of the message: two for nearly all
 * signatures (SEC 1, 4.1.6). Which of them it was, a second signature tells, or whoever knows one of them.
 */
export function recoverP256(message: Uint8Array, signature: Uint8Array): readonly Uint8Array[] {
  const hash = sha256(message)
  const points: Uint8Array[] = []
  for (const bit of [0, 1, 2, 3]) {
    try {
      const parsed = curve.Signature.fromBytes(signature, 'compact').addRecoveryBit(bit)
      points.push(parsed.recoverPublicKey(hash).toBytes(false).slice(1))
    } catch {
      // No point has this x, or the signature is malformed.
    }
  }
  return points
}
