import { beToUint, fail } from '@banyan/base'
import { bls12_381 } from '@noble/curves/bls12-381.js'
import type { Bls, BlsKey } from '../provider.js'

type G1Point = ReturnType<typeof bls12_381.G1.Point.fromBytes>
type G2Point = ReturnType<typeof bls12_381.G2.Point.fromBytes>

const { longSignatures: curve, G1 } = bls12_381

/** Domain separation of draft-irtf-cfrg-bls-signature-05, 4.2.3. */
const signatureDomain = 'BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_'
const possessionDomain = 'BLS_POP_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_'

/** Refuses secrets that are not 32 bytes in `[1, r)`. */
function requireSecret(secret: Uint8Array): Uint8Array {
  const isValid = secret.length === 32 && G1.Point.Fn.isValidNot0(beToUint(secret))
  return isValid ? secret : fail('KeyMalformed', { algorithm: 'BLS' })
}

function signIn(domain: string, message: Uint8Array, secret: Uint8Array): Uint8Array {
  return curve.Signature.toBytes(curve.sign(curve.hash(message, domain), requireSecret(secret)))
}

function readSignature(bytes: Uint8Array): G2Point | undefined {
  if (bytes.length !== 96) return undefined
  try {
    const point = curve.Signature.fromBytes(bytes)
    return point.is0() ? undefined : point
  } catch {
    return undefined
  }
}

function readPoint(publicKey: Uint8Array): G1Point | undefined {
  if (publicKey.length !== 48) return undefined
  try {
    const point = G1.Point.fromBytes(publicKey)
    point.assertValidity()
    return point.is0() ? undefined : point
  } catch {
    return undefined
  }
}

function verifyIn(domain: string, signature: Uint8Array, message: Uint8Array, key: G1Point): boolean {
  const point = readSignature(signature)
  return point !== undefined && !key.is0() && curve.verify(point, curve.hash(message, domain), key)
}

const pointOf = (key: BlsKey): G1Point => key as unknown as G1Point

export const bls: Bls = {
  publicKey: (secret) => curve.getPublicKey(requireSecret(secret)).toBytes(),
  sign: (message, secret) => signIn(signatureDomain, message, secret),
  readKey: (publicKey) => readPoint(publicKey) as BlsKey | undefined,
  verify: (signature, message, key) => verifyIn(signatureDomain, signature, message, pointOf(key)),

  aggregate(signatures) {
    if (signatures.length === 0) return undefined
    let sum = bls12_381.G2.Point.ZERO
    for (const bytes of signatures) {
      const point = readSignature(bytes)
      if (point === undefined) return undefined
      sum = sum.add(point)
    }
    return sum.is0() ? undefined : curve.Signature.toBytes(sum)
  },

  verifyAggregate(signature, message, keys) {
    if (keys.length === 0) return false
    let sum = G1.Point.ZERO
    for (const key of keys) sum = sum.add(pointOf(key))
    return verifyIn(signatureDomain, signature, message, sum)
  },

  provePossession: (secret) => signIn(possessionDomain, bls.publicKey(secret), secret),

  verifyPossession(publicKey, proof) {
    const point = readPoint(publicKey)
    return point !== undefined && verifyIn(possessionDomain, proof, publicKey, point)
  },
}
