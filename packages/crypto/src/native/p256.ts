import { verify as verifySignature } from 'node:crypto'
import { compareBytes, uintToBe } from '@banyan/base'
import { p256 as portable } from '../portable/p256.js'
import type { P256 } from '../provider.js'

/** SEC 2, 2.4.2. */
const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
const halfOrder = uintToBe(order / 2n, 32)

function base64url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url')
}

/** OpenSSL as Node offers it hashes by itself, so only `verifyMessage` can use it. Node reads shared memory correctly. */
export const p256: P256 = {
  ...portable,
  verifyMessage(message, signature, publicKey) {
    if (signature.length !== 64 || publicKey.length !== 64) return false
    if (compareBytes(signature.subarray(32), halfOrder) > 0) return false
    const x = base64url(publicKey.subarray(0, 32))
    const y = base64url(publicKey.subarray(32))
    const key = { kty: 'EC', crv: 'P-256', x, y }
    try {
      const options = { key, format: 'jwk', dsaEncoding: 'ieee-p1363' } as const
      return verifySignature('sha256', message, options, signature)
    } catch {
      return false
    }
  },
}
