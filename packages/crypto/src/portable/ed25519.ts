import { concatBytes, equalBytes, leToUint } from '@banyan/base'
import { ed25519 as curve } from '@noble/curves/ed25519.js'
import { sha512 } from '@noble/hashes/sha2.js'
import { requireBatchLengths, requireKeyLength } from '../bounds.js'
import type { Ed25519 } from '../provider.js'

const { Point } = curve
const order = Point.Fn.ORDER
type Point = InstanceType<typeof Point>

/** Decodes a canonical encoding of a point that is not of small order. */
function decodeKey(bytes: Uint8Array): Point | undefined {
  try {
    const point = Point.fromBytes(bytes)
    return point.isSmallOrder() ? undefined : point
  } catch {
    return undefined
  }
}

/**
 * The strict rule of docs/formats.md. The ready-made check of the curve library multiplies by the cofactor, so that
 * signatures which differ by a point of small order pass it; this one compares the encoding of `[S]B − [k]A` with `R`.
 */
function verify(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean {
  if (signature.length !== 64 || publicKey.length !== 32) return false
  const r = signature.subarray(0, 32)
  const s = leToUint(signature.subarray(32))
  if (s >= order) return false
  const key = decodeKey(publicKey)
  if (key === undefined) return false
  const k = leToUint(sha512(concatBytes(r, publicKey, message))) % order
  const expected = Point.BASE.multiplyUnsafe(s).subtract(key.multiplyUnsafe(k))
  return !expected.isSmallOrder() && equalBytes(expected.toBytes(), r)
}

export const ed25519: Ed25519 = {
  publicKey(seed) {
    requireKeyLength('ed25519', seed, 32)
    return curve.getPublicKey(seed)
  },
  sign(message, seed) {
    requireKeyLength('ed25519', seed, 32)
    return curve.sign(message, seed)
  },
  verify,
}

export function verifyEd25519Batch(
  messages: Uint8Array,
  signatures: Uint8Array,
  publicKeys: Uint8Array,
  count: number,
  verdicts: Uint8Array,
): void {
  requireBatchLengths(messages, signatures, publicKeys, count, verdicts)
  for (let i = 0; i < count; i++) {
    const message = messages.subarray(32 * i, 32 * i + 32)
    const signature = signatures.subarray(64 * i, 64 * i + 64)
    verdicts[i] = verify(signature, message, publicKeys.subarray(32 * i, 32 * i + 32)) ? 1 : 0
  }
}
