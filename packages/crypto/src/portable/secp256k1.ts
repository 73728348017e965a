import { secp256k1 as curve } from '@noble/curves/secp256k1.js'
import { requireLength } from '../bounds.js'
import type { Secp256k1 } from '../provider.js'
import { pointOf, requireSecret } from './weierstrass.js'

const raw = { prehash: false, lowS: true, format: 'recovered' } as const

export const secp256k1: Secp256k1 = {
  publicKey(secret) {
    requireSecret('secp256k1', curve, secret)
    return pointOf(curve, secret)
  },

  sign(hash, secret) {
    requireLength('hash', hash, 32)
    requireSecret('secp256k1', curve, secret)
    const signed = curve.sign(hash, secret, raw)
    return { signature: signed.slice(1), recovery: signed[0] === 0 ? 0 : 1 }
  },

  recover(hash, signature, recovery) {
    if (hash.length !== 32 || signature.length !== 64 || (recovery !== 0 && recovery !== 1)) return undefined
    try {
      const parsed = curve.Signature.fromBytes(signature, 'compact')
      if (parsed.hasHighS()) return undefined
      return parsed.addRecoveryBit(recovery).recoverPublicKey(hash).toBytes(false).slice(1)
    } catch {
      return undefined
    }
  },
}
