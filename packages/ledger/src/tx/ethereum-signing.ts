import { type Address, concatBytes, type Hash } from '@banyan/base'
import { type CryptoProvider, type Hasher, secp256k1Address } from '@banyan/crypto'
import { type EthereumTransaction, ethereumSigningBytes, type UnsignedEthereum } from './ethereum.js'

/** The hash that the sender signs; the id is another one, keccak-256 of the whole envelope. */
export function ethereumSigningHash(provider: Hasher, tx: UnsignedEthereum): Hash {
  return provider.keccak256(ethereumSigningBytes(tx))
}

/** Signs with a 32-byte secret. Error: OptionInvalid where a field does not fit its type. */
export function signEthereum(
  provider: CryptoProvider,
  unsigned: UnsignedEthereum,
  secret: Uint8Array,
): EthereumTransaction {
  const { signature, recovery } = provider.secp256k1.sign(ethereumSigningHash(provider, unsigned), secret)
  return {
    ...unsigned,
    kind: 'ethereum',
    r: signature.subarray(0, 32),
    s: signature.subarray(32),
    recovery,
  }
}

/** The sender, recovered from the signature; `undefined` if no key made it. */
export function ethereumSender(provider: CryptoProvider, tx: EthereumTransaction): Address | undefined {
  const hash = ethereumSigningHash(provider, tx)
  const point = provider.secp256k1.recover(hash, concatBytes(tx.r, tx.s), tx.recovery)
  return point && secp256k1Address(provider, point)
}
