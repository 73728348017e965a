import { maxPackageLength, signEd25519 } from '@banyan/ledger'
import * as S from '../small-chain.js'
import { altered, type Bad, flipLast, longer, otherChain, shorter, withFate, zeroMark } from './case.js'

export const form: readonly Bad[] = withFate('unreadable', [
  { what: 'nothing', error: 'TransactionMalformed', make: () => new Uint8Array(0) },
  {
    what: 'an unknown type',
    error: 'TransactionTypeUnknown',
    make: () => Uint8Array.of(0x55, 1, 2),
    details: { type: 0x55 },
  },
  { what: 'type 3', error: 'TransactionTypeUnknown', make: () => Uint8Array.of(3, 0xc0) },
  {
    what: 'a package with a surplus byte',
    error: 'TransactionMalformed',
    make: (chain) => longer(S.pack(chain)),
  },
  { what: 'a package cut short', error: 'TransactionMalformed', make: (chain) => shorter(S.pack(chain)) },
  {
    what: 'a package of unknown mode',
    error: 'TransactionMalformed',
    make: (chain) => altered(S.pack(chain), (bytes) => bytes.fill(2, 96, 97)),
  },
  {
    what: 'a package without items',
    error: 'TransactionMalformed',
    make: (chain) => altered(S.pack(chain), (bytes) => bytes.fill(0, 93, 96)).slice(0, 161),
  },
  {
    what: 'a package beyond all bounds',
    error: 'TransactionTooLarge',
    make: () => new Uint8Array(maxPackageLength + 1).fill(0x7c),
    details: { limit: maxPackageLength },
  },
  {
    what: 'a native transaction with a surplus byte',
    error: 'TransactionMalformed',
    make: (chain) => longer(S.nativeCall(chain)),
  },
  {
    what: 'a native transaction cut short',
    error: 'TransactionMalformed',
    make: (chain) => shorter(S.nativeCall(chain)),
  },
  {
    what: 'a native transaction beyond all bounds',
    error: 'TransactionTooLarge',
    make: () => new Uint8Array(131_073).fill(0x7b),
  },
  {
    what: 'a native transaction with an unused sponsor signature',
    error: 'TransactionNotCanonical',
    make: (chain) => {
      const sponsor = S.addressOf(S.bob)
      const envelope = S.nativeCall(chain, { sponsor, sponsorKey: S.bob })
      const at = envelope.findIndex((_, i) => sponsor.every((byte, k) => envelope[i + k] === byte) && i > 100)
      return altered(envelope, (bytes) => bytes.fill(0, at, at + 20))
    },
  },
  {
    what: 'an Ethereum transaction with a surplus byte',
    error: 'TransactionMalformed',
    make: (chain) => longer(S.ethereum(chain)),
  },
  {
    what: 'an Ethereum transaction cut short',
    error: 'TransactionMalformed',
    make: (chain) => shorter(S.ethereum(chain)),
  },
  {
    what: 'an Ethereum transaction beyond all bounds',
    error: 'TransactionTooLarge',
    make: () => new Uint8Array(131_073).fill(2),
  },
  {
    what: 'an Ethereum transaction with a padded integer',
    error: 'TransactionNotCanonical',
    // Nonce 0 is the empty string; a zero byte in its place means the same.
    make: (chain) => altered(S.ethereum(chain), (bytes) => bytes.fill(0, 4, 5)),
  },
  {
    what: 'a native transaction of another chain',
    error: 'ChainWrong',
    make: (chain) => S.nativeCall(chain, { chainId: otherChain }),
    details: { given: 78n, expected: 77n },
  },
  {
    what: 'an Ethereum transaction of another chain',
    error: 'ChainWrong',
    make: (chain) => S.ethereum(chain, { chainId: otherChain }),
  },
  {
    what: 'a package with its tip above its fee',
    error: 'TipAboveFee',
    make: (chain) => S.pack(chain, { tip: 11, maxFee: 10 }),
  },
  {
    what: 'a native transaction with its tip above its fee',
    error: 'TipAboveFee',
    make: (chain) => S.nativeCall(chain, { tipPerGas: 5_000_001n }),
  },
  {
    what: 'an Ethereum transaction with its tip above its fee',
    error: 'TipAboveFee',
    make: (chain) => S.ethereum(chain, { maxPriorityFeePerGas: 5_000_001n }),
  },
  { what: 'an altered package', error: 'SignatureInvalid', make: (chain) => flipLast(S.pack(chain)) },
  {
    what: 'a native transaction that nobody signed',
    error: 'AccountUnauthorized',
    make: (chain) => S.nativeCall(chain, { signatures: [] }),
  },
  {
    what: 'a native transaction with a wrong signature',
    error: 'SignatureInvalid',
    make: (chain) =>
      S.nativeCall(chain, { signatures: [signEd25519(S.provider, zeroMark, S.seedOf(S.alice))] }),
  },
  {
    what: 'a native transaction that a key signed twice',
    error: 'AccountUnauthorized',
    make: (chain) => S.nativeCall(chain, { keys: [S.alice, S.alice] }),
  },
  {
    what: 'a native transaction whose sponsor did not sign',
    error: 'SponsorRefused',
    make: (chain) => S.nativeCall(chain, { sponsor: S.addressOf(S.bob) }),
  },
])
