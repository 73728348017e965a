import { asAssetId, maxAmount } from '@banyan/base'
import * as S from '../small-chain.js'
import { type Bad, withFate } from './case.js'

export const movements: readonly Bad[] = withFate('failed', [
  {
    what: 'transfer: more FIG than the payer holds',
    error: 'FundsInsufficient',
    make: (chain) => S.transfer(chain, { amount: 200n * S.oneFig }),
  },
  {
    what: 'transfer: all FIG, so that nothing is left for the fee',
    error: 'FundsInsufficient',
    make: (chain) =>
      S.transfer(chain, { key: S.carol, amount: S.accountOf(chain, S.addressOf(S.carol)).balance }),
    details: { balance: 20n * S.oneFig },
  },
  {
    what: 'transfer: an amount that overflows with the fee',
    error: 'FundsInsufficient',
    make: (chain) => S.transfer(chain, { amount: maxAmount }),
  },
  {
    what: 'transfer: more of an asset than the payer holds',
    error: 'FundsInsufficient',
    make: (chain) => S.transfer(chain, { asset: S.usable, amount: 1_001n }),
    details: { balance: 1_000n, required: 1_001n },
  },
  {
    what: 'transfer: an asset of which the payer has no row',
    error: 'FundsInsufficient',
    make: (chain) => S.transfer(chain, { key: S.bob, asset: S.usable, amount: 1n }),
    details: { balance: 0n },
  },
  {
    what: 'transfer: an unknown asset',
    error: 'AssetUnknown',
    make: (chain) => S.transfer(chain, { asset: asAssetId(9) }),
    details: { asset: 9 },
  },
  {
    what: 'transfer: the largest asset number',
    error: 'AssetUnknown',
    make: (chain) => S.transfer(chain, { asset: asAssetId(0xffffffff), amount: 0n }),
  },
  {
    what: 'transfer: a paused asset',
    error: 'AssetPaused',
    make: (chain) => S.transfer(chain, { asset: S.paused, amount: 0n }),
    details: { asset: 2 },
  },
  {
    what: 'package: an unknown asset',
    error: 'AssetUnknown',
    make: (chain) => S.pack(chain, { asset: asAssetId(9) }),
  },
  {
    what: 'package: a paused asset',
    error: 'AssetPaused',
    make: (chain) => S.pack(chain, { asset: S.paused, mode: 'perItem' }),
  },
])
