import { concatBytes, fromHex, toHex, uintToBe, utf8 } from '@banyan/base'
import { type CryptoProvider, secp256k1Address, toChecksumAddress } from '@banyan/crypto'
import { createRandom } from '@banyan/testing'
import { rfc8032, smallOrderEncodings, speccheck } from '../vectors/ed25519.js'
import { rfc6979 } from '../vectors/p256.js'
import { eip155 } from '../vectors/secp256k1.js'

/** What a back end answers to the same questions in Node and in a browser. */

const hex = (text: string): Uint8Array => fromHex(text)!

/** Answers to published vectors. */
export function answerVectors(provider: CryptoProvider) {
  const { ed25519, secp256k1, p256, sha256 } = provider
  const [hash, secret] = [hex(eip155.hash), hex(eip155.secret)]
  const signed = secp256k1.sign(hash, secret)
  const signer = secp256k1.recover(hash, signed.signature, signed.recovery)!
  return {
    ed25519Keys: rfc8032.map(([, seed]) => toHex(ed25519.publicKey(hex(seed)))),
    ed25519Signatures: rfc8032.map(([, seed, , message]) => toHex(ed25519.sign(hex(message), hex(seed)))),
    ed25519Verdicts: rfc8032.map(([, , key, message, signature]) =>
      ed25519.verify(hex(signature), hex(message), hex(key)),
    ),
    ed25519EdgeCases: speccheck.map(([, message, key, signature]) =>
      ed25519.verify(hex(signature), hex(message), hex(key)),
    ),
    ed25519SmallOrder: smallOrderEncodings.flatMap((key) =>
      smallOrderEncodings.filter((nonce) =>
        ed25519.verify(concatBytes(hex(nonce), new Uint8Array(32)), utf8('Zcash'), hex(key)),
      ),
    ),
    secp256k1Signature: toHex(signed.signature),
    secp256k1Address: toChecksumAddress(provider, secp256k1Address(provider, signer)),
    p256Key: toHex(p256.publicKey(hex(rfc6979.secret))),
    p256Nonces: rfc6979.signatures.map(([text]) =>
      toHex(p256.sign(sha256(utf8(text)), hex(rfc6979.secret)).subarray(0, 32)),
    ),
  }
}

/** Hashes, signatures of random messages by random keys, and verdicts about them, right and with one bit changed. */
export function answerRandom(provider: CryptoProvider, seed: number, rounds: number) {
  const { ed25519, secp256k1, p256, sha256, keccak256 } = provider
  const random = createRandom(seed)
  return Array.from({ length: rounds }, () => {
    const message = random.bytes(random.below(200))
    const secret = uintToBe(1n + random.bigint(2n ** 250n), 32)
    const bit = random.below(512)
    const altered = (signature: Uint8Array) =>
      signature.map((byte, i) => (i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte))
    const hash = sha256(message)
    const edwards = ed25519.sign(message, secret)
    const edwardsKey = ed25519.publicKey(secret)
    const recoverable = secp256k1.sign(hash, secret)
    const nist = p256.sign(hash, secret)
    const nistKey = p256.publicKey(secret)
    return {
      hashes: [hash, keccak256(message)],
      keys: [edwardsKey, nistKey, secp256k1.publicKey(secret)],
      signatures: [edwards, recoverable.signature, nist],
      recovered: [recoverable.signature, altered(recoverable.signature)].map((signature) =>
        secp256k1.recover(hash, signature, recoverable.recovery),
      ),
      verdicts: [edwards, altered(edwards)].map((one) => ed25519.verify(one, message, edwardsKey)),
      nistVerdicts: [nist, altered(nist)].map((one) => p256.verifyMessage(message, one, nistKey)),
    }
  })
}
