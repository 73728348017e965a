import type { CryptoProvider } from '@banyan/crypto'
import { native } from '@banyan/crypto/native'

/** Verdicts that are remembered before all are forgotten. */
const mostRemembered = 200_000

/** A pure function of some byte strings, which computes each result once. */
function remembered<Result>(
  compute: (parts: readonly Uint8Array[]) => Result,
): (...parts: Uint8Array[]) => Result {
  const known = new Map<string, { readonly result: Result }>()
  return (...parts) => {
    const key = `${parts.map(({ length }) => length).join()} ${Buffer.concat(parts).toString('latin1')}`
    const found = known.get(key)
    if (found !== undefined) return found.result
    if (known.size >= mostRemembered) known.clear()
    const result = compute(parts)
    known.set(key, { result })
    return result
  }
}

const { ed25519, secp256k1 } = native
const verify = remembered(([signature, message, key]) => ed25519.verify(signature!, message!, key!))
const publicKey = remembered(([seed]) => ed25519.publicKey(seed!))
const recover = remembered(([hash, signature, recovery]) =>
  secp256k1.recover(hash!, signature!, recovery![0]!),
)

/**
 * The native back end, except that it checks each signature once for all nodes of a simulated network: they are real
 * ones, and all nodes see the same. BLS is left out: small committees do not use it.
 */
export const provider: CryptoProvider = {
  ...native,
  ed25519: {
    sign: ed25519.sign,
    publicKey: (seed) => publicKey(seed),
    verify: (signature, message, key) => verify(signature, message, key),
  },
  secp256k1: {
    ...secp256k1,
    recover: (hash, signature, recovery) => recover(hash, signature, Uint8Array.of(recovery)),
  },
  verifyEd25519Batch(messages, signatures, publicKeys, count, verdicts) {
    for (let i = 0; i < count; i++) {
      const part = (bytes: Uint8Array, length: number): Uint8Array =>
        bytes.subarray(i * length, (i + 1) * length)
      verdicts[i] = verify(part(signatures, 64), part(messages, 32), part(publicKeys, 32)) ? 1 : 0
    }
  },
}
