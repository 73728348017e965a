import { p256 as curve } from '@noble/curves/nist.js'
import { requireLength } from '../bounds.js'
import type { P256 } from '../provider.js'
import { pointOf, requireSecret, uncompressed } from './weierstrass.js'

function check(data: Uint8Array, signature: Uint8Array, publicKey: Uint8Array, prehash: boolean): boolean {
  if (signature.length !== 64 || publicKey.length !== 64) return false
  return curve.verify(signature, data, uncompressed(publicKey), { prehash, lowS: true, format: 'compact' })
}

export const p256: P256 = {
  publicKey(secret) {
    requireSecret('P-256', curve, secret)
    return pointOf(curve, secret)
  },

  sign(hash, secret) {
    requireLength('hash', hash, 32)
    requireSecret('P-256', curve, secret)
    return curve.sign(hash, secret, { prehash: false, lowS: true, format: 'compact' })
  },

  verify(hash, signature, publicKey) {
    return hash.length === 32 && check(hash, signature, publicKey, false)
  },

  verifyMessage(message, signature, publicKey) {
    return check(message, signature, publicKey, true)
  },
}
