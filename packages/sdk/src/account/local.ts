import { fail, fromHex, type Hex, toHex } from '@banyan/base'
import { ed25519Address, secp256k1Address } from '@banyan/crypto'
import { ed25519, hasher, randomBytes, secp256k1 } from '@banyan/crypto/portable'
import { signEd25519, signSecp256k1 } from '@banyan/ledger/transactions'
import type { Address } from '../hex.js'
import type { KeyAccount } from './account.js'

/** 32 random bytes for a new key. Whoever keeps them owns the account. */
export function newSecret(): Hex {
  return toHex(randomBytes(32))
}

/** Account of an ed25519 seed: the fastest kind, and the one whose transfers cost the least. Error: KeyMalformed. */
export function ed25519Account(seed: Hex | Uint8Array): KeyAccount {
  const secret = secretBytes(seed, 'ed25519')
  const publicKey = ed25519.publicKey(secret)
  return {
    kind: 'ed25519',
    address: toHex(ed25519Address(hasher, publicKey)) as Address,
    publicKey,
    signatureBytes: 96,
    sign: async (digest) => signEd25519({ ed25519 }, digest, secret),
  }
}

/** Account of a secp256k1 secret; its address is that of Ethereum. Error: KeyMalformed. */
export function secp256k1Account(key: Hex | Uint8Array): KeyAccount {
  const secret = secretBytes(key, 'secp256k1')
  const publicKey = secp256k1.publicKey(secret)
  return {
    kind: 'secp256k1',
    address: toHex(secp256k1Address(hasher, publicKey)) as Address,
    publicKey,
    signatureBytes: 65,
    sign: async (digest) => signSecp256k1({ secp256k1 }, digest, secret),
  }
}

function secretBytes(key: Hex | Uint8Array, algorithm: string): Uint8Array {
  const bytes = typeof key === 'string' ? fromHex(key) : key.slice()
  return bytes?.length === 32 ? bytes : fail('KeyMalformed', { algorithm })
}
