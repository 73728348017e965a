import { type Address, equalBytes, fail, type Hash, toHex } from '@banyan/base'
import type { CryptoProvider, Hasher } from '@banyan/crypto'
import type { Native, SponsorSignature } from './native-format.js'
import { sponsorDigest } from './native-root.js'
import { type Signature, signerAddress } from './native-signature.js'

/**
 * Addresses of the keys that signed, in the order of the signatures; `undefined` if one of the signatures is invalid.
 * Whether these keys may act for the account is a matter of its policy. `id` is the transaction's.
 * Error: AccountUnauthorized if a key signed twice, for it must not count twice.
 */
export function nativeSigners(
  provider: CryptoProvider,
  tx: Native,
  id: Hash,
): readonly Address[] | undefined {
  const signers: Address[] = []
  for (const signature of tx.signatures) {
    const signer = signerAddress(provider, id, signature)
    if (signer === undefined) return undefined
    if (signers.some((other) => equalBytes(other, signer))) {
      fail('AccountUnauthorized', { account: toHex(tx.body.account), reason: 'a key signed twice' })
    }
    signers.push(signer)
  }
  return signers
}

/**
 * Address of the key that signed for the sponsor; `undefined` if there is no such signature or it is invalid.
 * `domain` is that of `banyan/sponsor`, `id` the transaction's.
 */
export function sponsorSignerAddress(
  provider: CryptoProvider,
  domain: Hash,
  tx: Native,
  id: Hash,
): Address | undefined {
  const sponsor = tx.sponsor[0]
  if (sponsor === undefined) return undefined
  return signerAddress(provider, sponsorDigest(provider, domain, id, sponsor.maxFee), sponsor.signature)
}

/**
 * The sponsor's promise to pay up to `maxFee` pip for transaction `id`. `sign` makes the signature of the digest that
 * it is given, with a key of the sponsor.
 */
export function signSponsorship(
  provider: Hasher,
  domain: Hash,
  id: Hash,
  maxFee: bigint,
  sign: (digest: Hash) => Signature,
): SponsorSignature {
  return { maxFee, signature: sign(sponsorDigest(provider, domain, id, maxFee)) }
}
