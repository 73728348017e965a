import { requireBatchLengths, requireKeyLength } from '../bounds.js'
import type { Ed25519 } from '../provider.js'
import { unshared } from './memory.js'
import { sodium } from './sodium.js'

/** libsodium keeps the seed and the public key together. */
function keyPair(seed: Uint8Array): { readonly publicKey: Uint8Array; readonly secretKey: Uint8Array } {
  requireKeyLength('ed25519', seed, 32)
  const publicKey = new Uint8Array(32)
  const secretKey = new Uint8Array(64)
  sodium.crypto_sign_seed_keypair(publicKey, secretKey, unshared(seed))
  return { publicKey, secretKey }
}

export const ed25519: Ed25519 = {
  publicKey: (seed) => keyPair(seed).publicKey,

  sign(message, seed) {
    const { secretKey } = keyPair(seed)
    const signature = new Uint8Array(64)
    sodium.crypto_sign_detached(signature, unshared(message), secretKey)
    secretKey.fill(0)
    return signature
  },

  verify(signature, message, publicKey) {
    if (signature.length !== 64 || publicKey.length !== 32) return false
    const verdict = sodium.crypto_sign_verify_detached(
      unshared(signature),
      unshared(message),
      unshared(publicKey),
    )
    return verdict === true
  },
}

const slotCount = 256

/** Private memory for a run of items, with one fixed view per item, so that checking a batch allocates nothing per item. */
function makeSlots(itemLength: number): {
  readonly memory: Uint8Array
  readonly items: readonly Uint8Array[]
} {
  const memory = new Uint8Array(slotCount * itemLength)
  const items = Array.from({ length: slotCount }, (_, i) =>
    memory.subarray(i * itemLength, (i + 1) * itemLength),
  )
  return { memory, items }
}

const messageSlots = makeSlots(32)
const signatureSlots = makeSlots(64)
const keySlots = makeSlots(32)

export function verifyEd25519Batch(
  messages: Uint8Array,
  signatures: Uint8Array,
  publicKeys: Uint8Array,
  count: number,
  verdicts: Uint8Array,
): void {
  requireBatchLengths(messages, signatures, publicKeys, count, verdicts)
  for (let start = 0; start < count; start += slotCount) {
    const end = Math.min(start + slotCount, count)
    messageSlots.memory.set(messages.subarray(32 * start, 32 * end))
    signatureSlots.memory.set(signatures.subarray(64 * start, 64 * end))
    keySlots.memory.set(publicKeys.subarray(32 * start, 32 * end))
    for (let i = 0; i < end - start; i++) {
      const verdict = sodium.crypto_sign_verify_detached(
        signatureSlots.items[i]!,
        messageSlots.items[i]!,
        keySlots.items[i]!,
      )
      verdicts[start + i] = verdict === true ? 1 : 0
    }
  }
}
