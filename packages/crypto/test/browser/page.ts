import { concatBytes, equalBytes } from '@banyan/base'
import { portable, toLowS } from '@banyan/crypto'
import { answerRandom, answerVectors } from './answers.js'

/** Runs in the browser. */

export const vectors = () => answerVectors(portable)
export const randoms = (seed: number, rounds: number) => answerRandom(portable, seed, rounds)

/** Names of Node's globals that exist here. */
export const nodeGlobals = () =>
  ['process', 'Buffer', 'require', 'global', 'setImmediate'].filter((name) => name in globalThis)

const { subtle } = crypto
const ecdsa = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }

/** Whether the browser's own cryptography accepts a P-256 signature of a message by the key `x ‖ y`. */
export async function webCryptoVerifies(
  signature: Uint8Array,
  message: Uint8Array,
  publicKey: Uint8Array,
): Promise<boolean> {
  const point = concatBytes(Uint8Array.of(4), publicKey)
  const key = await subtle.importKey('raw', point, ecdsa, false, ['verify'])
  return subtle.verify(ecdsa, key, new Uint8Array(signature), new Uint8Array(message))
}

/** Signatures by a key of the browser: what the portable back end says to their two forms, and to another message. */
export async function judgeWebCrypto(count: number) {
  const { privateKey, publicKey } = await subtle.generateKey(ecdsa, false, ['sign', 'verify'])
  const point = new Uint8Array(await subtle.exportKey('raw', publicKey)).subarray(1)
  const judged = []
  for (let i = 0; i < count; i++) {
    const message = Uint8Array.of(i)
    const given = new Uint8Array(await subtle.sign(ecdsa, privateKey, message))
    const low = toLowS(given)!
    judged.push({
      isLow: equalBytes(low, given),
      given: portable.p256.verifyMessage(message, given, point),
      low: portable.p256.verifyMessage(message, low, point),
      other: portable.p256.verifyMessage(Uint8Array.of(i, i), low, point),
    })
  }
  return judged
}
