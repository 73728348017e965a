import * as S from '../small-chain.js'
import { altered, type Bad, flipLast, longer, shorter } from './case.js'

export const wrongTransfers: readonly Bad[] = [
  {
    what: 'an altered transfer',
    error: 'SignatureInvalid',
    fate: 'signature',
    make: (chain) => flipLast(S.transfer(chain)),
  },
  {
    what: 'a transfer signed by another key',
    error: 'SignatureInvalid',
    fate: 'signature',
    make: (chain) =>
      altered(S.transfer(chain), (bytes) => bytes.set(S.provider.ed25519.publicKey(S.seedOf(S.bob)), 1)),
  },
  {
    what: 'a transfer with a surplus byte',
    error: 'TransactionTooLarge',
    fate: 'signature',
    make: (chain) => longer(S.transfer(chain)),
  },
  {
    what: 'a transfer cut short',
    error: 'TransactionMalformed',
    fate: 'signature',
    make: (chain) => shorter(S.transfer(chain)),
  },
]
