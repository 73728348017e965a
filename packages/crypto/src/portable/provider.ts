import type { CryptoProvider } from '../provider.js'
import { bls } from './bls.js'
import { ed25519, verifyEd25519Batch } from './ed25519.js'
import { hashPairs, keccak256, randomBytes, sha256 } from './hash.js'
import { p256 } from './p256.js'
import { secp256k1 } from './secp256k1.js'

/** Plain JavaScript: runs in browsers and wherever native modules cannot be loaded. */
export const portable: CryptoProvider = {
  name: 'portable',
  sha256,
  keccak256,
  hashPairs,
  randomBytes,
  ed25519,
  verifyEd25519Batch,
  secp256k1,
  p256,
  bls,
}
