import { beToUint, compareBytes, fail, uintToBe } from '@banyan/base'
import { requireKeyLength, requireLength } from '../bounds.js'
import { secp256k1 as portable } from '../portable/secp256k1.js'
import type { Secp256k1 } from '../provider.js'
import { load } from './load.js'

/** The part of the package `secp256k1` that Banyan uses: bindings to libsecp256k1. */
type Bindings = {
  readonly privateKeyVerify: (secret: Uint8Array) => boolean
  readonly publicKeyCreate: (secret: Uint8Array, compressed: boolean, output: Uint8Array) => Uint8Array
  readonly ecdsaSign: (
    hash: Uint8Array,
    secret: Uint8Array,
  ) => { readonly signature: Uint8Array; readonly recid: number }
  readonly ecdsaRecover: (
    signature: Uint8Array,
    recovery: number,
    hash: Uint8Array,
    compressed: boolean,
    output: Uint8Array,
  ) => Uint8Array
}

/**
 * The bindings themselves, past the package's main module, which would silently replace them by slow JavaScript on
 * platforms without a binary.
 */
function loadBindings(): Bindings | undefined {
  try {
    return load<Bindings>('secp256k1/bindings.js')
  } catch {
    return undefined
  }
}

/** SEC 2, 2.4.1. */
const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
const halfOrder = uintToBe(order / 2n, 32)

/** Private memory that native code works on: inputs may be shared, and recovery allocates only its result. */
const hashSlot = new Uint8Array(32)
const signatureSlot = new Uint8Array(64)
const sSlot = signatureSlot.subarray(32)
const pointSlot = new Uint8Array(65)

function bind(bindings: Bindings): Secp256k1 {
  const requireSecret = (secret: Uint8Array): Uint8Array => {
    requireKeyLength('secp256k1', secret, 32)
    const copy = new Uint8Array(secret)
    if (!bindings.privateKeyVerify(copy)) fail('KeyMalformed', { algorithm: 'secp256k1' })
    return copy
  }
  return {
    publicKey(secret) {
      return bindings.publicKeyCreate(requireSecret(secret), false, pointSlot).slice(1)
    },

    sign(hash, secret) {
      requireLength('hash', hash, 32)
      // RFC 6979, 3.2.d derives the nonce from the hash modulo n, where libsecp256k1 takes the hash as it is.
      hashSlot.set(uintToBe(beToUint(hash) % order, 32))
      const { signature, recid } = bindings.ecdsaSign(hashSlot, requireSecret(secret))
      return { signature, recovery: recid === 0 ? 0 : 1 }
    },

    recover(hash, signature, recovery) {
      if (hash.length !== 32 || signature.length !== 64 || (recovery !== 0 && recovery !== 1))
        return undefined
      hashSlot.set(hash)
      signatureSlot.set(signature)
      if (compareBytes(sSlot, halfOrder) > 0) return undefined
      try {
        return bindings.ecdsaRecover(signatureSlot, recovery, hashSlot, false, pointSlot).slice(1)
      } catch {
        return undefined
      }
    },
  }
}

const bindings = loadBindings()

/** Which code runs: `portable` on platforms for which the package `secp256k1` has no binary (about 20 times slower). */
export const secp256k1Backend = bindings === undefined ? 'portable' : 'native'

export const secp256k1: Secp256k1 = bindings === undefined ? portable : bind(bindings)
