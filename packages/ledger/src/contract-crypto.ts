import type { CryptoProvider } from '@banyan/crypto'
import { secp256k1Address } from '@banyan/crypto'
import type { HostCrypto } from './host/host.js'

/** Cryptography for contracts, from a provider. */
export function contractCrypto(provider: CryptoProvider): HostCrypto {
  return {
    sha256: provider.sha256,
    keccak256: provider.keccak256,
    recoverSecp256k1: (digest, signature) => {
      const recovery = signature[64]
      if (recovery !== 0 && recovery !== 1) return undefined
      const point = provider.secp256k1.recover(digest, signature.subarray(0, 64), recovery)
      return point && secp256k1Address(provider, point)
    },
    verifyEd25519: (publicKey, message, signature) => provider.ed25519.verify(signature, message, publicKey),
    verifyP256: (publicKey, digest, signature) => provider.p256.verify(digest, signature, publicKey),
    verifyBlsPossession: provider.bls.verifyPossession,
  }
}
