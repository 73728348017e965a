import { maxAmount } from '@banyan/base'
import * as S from '../small-chain.js'
import { type Bad, withFate } from './case.js'

export const fees: readonly Bad[] = withFate('skipped', [
  {
    what: 'transfer: tip above fee',
    error: 'TipAboveFee',
    make: (chain) => S.transfer(chain, { tip: 11, maxFee: 10 }),
    details: { tip: 11, limit: 10 },
  },
  {
    what: 'transfer: fee limit too low',
    error: 'FeeLimitTooLow',
    make: (chain) => S.transfer(chain, { maxFee: 3, tip: 0 }),
  },
  {
    what: 'transfer: tip leaves too little for the base fee',
    error: 'FeeLimitTooLow',
    make: (chain) => S.transfer(chain, { maxFee: 100, tip: 99 }),
  },
  {
    what: "transfer: fee limit without the payee's new row",
    error: 'FeeLimitTooLow',
    make: (chain) => S.transfer(chain, { maxFee: 7, tip: 0, payee: S.filled(1) }),
  },
  {
    what: 'transfer: payer cannot pay the fee',
    error: 'FeeFundsInsufficient',
    make: (chain) => S.transfer(chain, { key: S.poor, amount: 0n, tip: 0 }),
    details: { balance: 5n },
  },
  {
    what: 'transfer: payer without account',
    error: 'FeeFundsInsufficient',
    make: (chain) => S.transfer(chain, { key: S.stranger }),
    details: { balance: 0n },
  },
  {
    what: 'transfer: payer with a policy',
    error: 'AccountUnauthorized',
    make: (chain) => S.transfer(chain, { key: S.guarded }),
  },
  {
    what: 'package: fee limit too low',
    error: 'FeeLimitTooLow',
    make: (chain) => S.pack(chain, { maxFee: 3, tip: 0 }),
  },
  {
    what: "package: fee limit without the payees' new rows",
    error: 'FeeLimitTooLow',
    make: (chain) => S.pack(chain, { maxFee: 9, tip: 0, asset: S.usable }),
  },
  {
    what: 'package: signer cannot pay the fee',
    error: 'FeeFundsInsufficient',
    make: (chain) => S.pack(chain, { key: S.poor, tip: 0 }),
    details: { balance: 5n },
  },
  {
    what: 'package: signer with a policy',
    error: 'AccountUnauthorized',
    make: (chain) => S.pack(chain, { key: S.guarded }),
  },
  {
    what: 'package: more work than a block holds',
    error: 'WorkTooLarge',
    inBlock: 'BlockTooLarge',
    make: (chain) =>
      S.pack(chain, { mode: 'perItem', items: new Array(40_000).fill({ payer: 1, payee: 2, amount: 0n }) }),
    details: { dimension: 'compute', required: 4_003_000, limit: 4_000_000 },
  },
  {
    what: 'native: fee limit below the base fee',
    error: 'FeeLimitTooLow',
    make: (chain) => S.nativeCall(chain, { maxFeePerGas: 10n, tipPerGas: 0n }),
    details: { limit: 10n },
  },
  {
    what: 'native: gas limit below the intrinsic gas',
    error: 'GasLimitTooLow',
    make: (chain) => S.nativeCall(chain, { gasLimit: 5_000n }),
    details: { limit: 5_000 },
  },
  {
    what: 'native: more gas than a block holds',
    error: 'GasLimitTooHigh',
    inBlock: 'BlockTooLarge',
    make: (chain) => S.nativeCall(chain, { gasLimit: 4_000_001n }),
    details: { blockLimit: 4_000_000 },
  },
  {
    what: 'native: more gas than a number holds',
    error: 'GasLimitTooHigh',
    inBlock: 'BlockTooLarge',
    make: (chain) => S.nativeCall(chain, { gasLimit: 2n ** 64n - 1n }),
  },
  {
    what: 'native: largest fee above the balance',
    error: 'FeeFundsInsufficient',
    make: (chain) => S.nativeCall(chain, { maxFeePerGas: 10n ** 15n }),
    details: { required: 300_000n * 10n ** 15n },
  },
  {
    what: 'native: largest fee beyond 128 bits',
    error: 'FeeFundsInsufficient',
    make: (chain) => S.nativeCall(chain, { maxFeePerGas: maxAmount }),
  },
  {
    what: 'native: another key signed',
    error: 'AccountUnauthorized',
    make: (chain) => S.nativeCall(chain, { keys: [S.bob], account: S.addressOf(S.alice) }),
  },
  {
    what: 'native: a second key signed without a policy',
    error: 'AccountUnauthorized',
    make: (chain) => S.nativeCall(chain, { keys: [S.alice, S.bob] }),
  },
  {
    what: 'native: policy not satisfied',
    error: 'AccountUnauthorized',
    make: (chain) => S.nativeCall(chain, { keys: [S.guarded] }),
    details: { reason: 'two must sign' },
  },
  {
    what: 'native: sponsor without funds',
    error: 'FeeFundsInsufficient',
    make: (chain) => S.nativeCall(chain, { sponsor: S.addressOf(S.poor), sponsorKey: S.poor }),
  },
  {
    what: 'native: sponsor promised less',
    error: 'SponsorRefused',
    make: (chain) => S.nativeCall(chain, { sponsor: S.addressOf(S.bob), sponsorKey: S.bob, sponsorCap: 1n }),
  },
  {
    what: 'native: another key signed for the sponsor',
    error: 'SponsorRefused',
    make: (chain) => S.nativeCall(chain, { sponsor: S.addressOf(S.bob), sponsorKey: S.carol }),
  },
  {
    what: 'native: sponsor has a policy',
    error: 'SponsorRefused',
    make: (chain) => S.nativeCall(chain, { sponsor: S.addressOf(S.guarded), sponsorKey: S.guarded }),
  },
  {
    what: 'Ethereum: nonce low',
    error: 'NonceTooLow',
    make: (chain) => S.ethereum(chain, { nonce: 0n, value: 5n }),
    details: { expected: 1n, given: 0n },
  },
  {
    what: 'Ethereum: nonce high',
    error: 'NonceTooHigh',
    make: (chain) => S.ethereum(chain, { nonce: 2n }),
    details: { expected: 1n, given: 2n },
  },
  {
    what: 'Ethereum: largest nonce',
    error: 'NonceTooHigh',
    make: (chain) => S.ethereum(chain, { nonce: 2n ** 64n - 1n }),
  },
  {
    what: 'Ethereum: a replayed payment',
    error: 'TransactionReplayed',
    inBlock: 'NonceTooLow',
    make: (chain) => {
      const envelope = S.ethereum(chain)
      S.addBlock(chain, [envelope])
      return envelope
    },
  },
  {
    what: 'Ethereum: a replayed call of a contract',
    error: 'TransactionReplayed',
    inBlock: 'NonceTooLow',
    make: (chain) => {
      const envelope = S.ethereum(chain, S.callRules('say', { count: 1 }))
      S.addBlock(chain, [envelope])
      return envelope
    },
  },
  {
    what: 'Ethereum: fee limit below the base fee',
    error: 'FeeLimitTooLow',
    make: (chain) => S.ethereum(chain, { maxFeePerGas: 10n, maxPriorityFeePerGas: 0n }),
  },
  {
    what: 'Ethereum: gas limit below the intrinsic gas',
    error: 'GasLimitTooLow',
    make: (chain) => S.ethereum(chain, { gasLimit: 6_000n }),
  },
  {
    what: 'Ethereum: more gas than a block holds',
    error: 'GasLimitTooHigh',
    inBlock: 'BlockTooLarge',
    make: (chain) => S.ethereum(chain, { gasLimit: 4_000_001n }),
  },
  {
    what: 'Ethereum: largest fee above the balance',
    error: 'FeeFundsInsufficient',
    make: (chain) => S.ethereum(chain, { maxFeePerGas: 10n ** 15n }),
  },
  {
    what: 'Ethereum: sender without account',
    error: 'FeeFundsInsufficient',
    make: (chain) => S.ethereum(chain, { key: S.stranger }),
    details: { balance: 0n },
  },
])
