import { banyanError } from '@banyan/base'
import { bls as portable } from '../portable/bls.js'
import type { Bls, BlsKey } from '../provider.js'
import { load } from './load.js'
import { unshared } from './memory.js'

declare const pointBrand: unique symbol
type KeyPoint = { readonly [pointBrand]: 'key'; readonly toBytes: () => Uint8Array }
type SignaturePoint = { readonly [pointBrand]: 'signature'; readonly toBytes: () => Uint8Array }
type Secret = {
  readonly toPublicKey: () => KeyPoint
  readonly sign: (message: Uint8Array) => SignaturePoint
}

/** The part of @chainsafe/blst that Banyan uses. Its domain is that of signatures; it has none for possession. */
type Blst = {
  readonly SecretKey: { readonly fromBytes: (bytes: Uint8Array) => Secret }
  readonly PublicKey: { readonly fromBytes: (bytes: Uint8Array, validate: boolean) => KeyPoint }
  readonly Signature: { readonly fromBytes: (bytes: Uint8Array, validate: boolean) => SignaturePoint }
  readonly aggregateSignatures: (signatures: readonly SignaturePoint[]) => SignaturePoint
  readonly fastAggregateVerify: (
    message: Uint8Array,
    keys: readonly KeyPoint[],
    signature: SignaturePoint,
  ) => boolean
}

/** First byte of the compressed zero point. */
const zeroFlags = 0xc0

const blst = load<Blst>('@chainsafe/blst')

function secretOf(secret: Uint8Array): Secret {
  try {
    return blst.SecretKey.fromBytes(unshared(secret))
  } catch {
    throw banyanError('KeyMalformed', { algorithm: 'BLS' })
  }
}

/** blst also reads uncompressed points; the length keeps to one form. */
function readSignature(bytes: Uint8Array): SignaturePoint | undefined {
  if (bytes.length !== 96) return undefined
  try {
    return blst.Signature.fromBytes(unshared(bytes), true)
  } catch {
    return undefined
  }
}

function verifyAggregate(signature: Uint8Array, message: Uint8Array, keys: readonly BlsKey[]): boolean {
  const point = readSignature(signature)
  if (point === undefined || keys.length === 0) return false
  try {
    return blst.fastAggregateVerify(unshared(message), keys as unknown as KeyPoint[], point)
  } catch {
    return false
  }
}

/** Possession is proven once per key, so portable code does for it. */
export const bls: Bls = {
  ...portable,
  publicKey: (secret) => secretOf(secret).toPublicKey().toBytes(),
  sign: (message, secret) => secretOf(secret).sign(unshared(message)).toBytes(),

  readKey(publicKey) {
    if (publicKey.length !== 48) return undefined
    try {
      return blst.PublicKey.fromBytes(unshared(publicKey), true) as unknown as BlsKey
    } catch {
      return undefined
    }
  },

  verify: (signature, message, key) => verifyAggregate(signature, message, [key]),

  aggregate(signatures) {
    if (signatures.length === 0) return undefined
    const points: SignaturePoint[] = []
    for (const bytes of signatures) {
      const point = readSignature(bytes)
      if (point === undefined) return undefined
      points.push(point)
    }
    const sum = blst.aggregateSignatures(points).toBytes()
    return sum[0] === zeroFlags ? undefined : sum
  },

  verifyAggregate,
}
