import { asAssetId, asChainId, asHash, asHeight, type ErrorName, maxAmount } from '@banyan/base'
import { type Chain, maxPackageLength, signEd25519 } from '@banyan/ledger'
import * as S from './small-chain.js'

/** Transactions that must be refused, for the chain that the test prepares: two blocks, a guarded account, a used nonce. */

/** What becomes of a transaction that somebody puts into a block although it is refused. */
type Fate = 'unreadable' | 'skipped' | 'failed' | 'signature'

export type Bad = {
  readonly what: string
  readonly error: ErrorName
  readonly fate: Fate
  readonly make: (chain: Chain) => Uint8Array
  /** Error of the receipt, where it differs: what a block knows is coarser. */
  readonly inBlock?: ErrorName
  readonly details?: Readonly<Record<string, unknown>>
}

/** Cases that end in the same way. */
const withFate = (fate: Fate, cases: readonly Omit<Bad, 'fate'>[]): readonly Bad[] =>
  cases.map((bad) => ({ ...bad, fate }))

export const zeroMark = asHash(new Uint8Array(32).fill(9))
const foreign = asHash(new Uint8Array(32).fill(3))
const otherChain = asChainId(78n)

function altered(envelope: Uint8Array, change: (bytes: Uint8Array) => void): Uint8Array {
  const copy = envelope.slice()
  change(copy)
  return copy
}
const longer = (envelope: Uint8Array) => Uint8Array.from([...envelope, 0])
const shorter = (envelope: Uint8Array) => envelope.slice(0, -1)
const flipLast = (envelope: Uint8Array) =>
  altered(envelope, (bytes) => {
    bytes[bytes.length - 1]! ^= 1
  })

type Fields = { readonly mark?: typeof zeroMark; readonly validUntil?: ReturnType<typeof asHeight> }
const marked = { transfer: S.transfer, pack: S.pack, nativeCall: S.nativeCall } as const

/** What is wrong in the same way with every type that has a mark. */
const markCases = Object.entries(marked).flatMap(([name, make]): Bad[] => {
  const made = (fields: (chain: Chain) => Fields) => (chain: Chain) => make(chain, fields(chain) as never)
  const height = (chain: Chain) => BigInt(chain.head.header.height)
  const fate = 'skipped'
  return [
    {
      what: `${name}: a foreign mark`,
      error: 'MarkUnknown',
      fate,
      make: made(() => ({ mark: zeroMark })),
      details: { window: 64 },
    },
    {
      what: `${name}: a mark of 65 blocks ago`,
      error: 'MarkUnknown',
      fate,
      make: (chain) => {
        const mark = chain.head.id
        S.addEmptyBlocks(chain, 64)
        return make(chain, { mark, validUntil: asHeight(height(chain) + 1n) } as never)
      },
    },
    {
      what: `${name}: expired`,
      error: 'TransactionExpired',
      fate,
      make: made((chain) => ({ validUntil: asHeight(height(chain)) })),
      details: { validUntil: 2n, height: 3 },
    },
    {
      what: `${name}: valid for too long`,
      error: 'ValidityTooLong',
      fate,
      make: made((chain) => ({ validUntil: asHeight(height(chain) + 65n) })),
      details: { validUntil: 67n, limit: 66 },
    },
    {
      what: `${name}: valid for ever`,
      error: 'ValidityTooLong',
      fate,
      make: made(() => ({ validUntil: asHeight(2n ** 64n - 1n) })),
    },
    {
      what: `${name}: replayed`,
      error: 'TransactionReplayed',
      fate,
      make: (chain) => {
        const envelope = make(chain)
        S.addBlock(chain, [envelope])
        return envelope
      },
    },
    {
      what: `${name}: replayed in the last block that it allows`,
      error: 'TransactionReplayed',
      fate,
      make: (chain) => {
        const envelope = make(chain, { validUntil: asHeight(height(chain) + 64n) } as never)
        S.addBlock(chain, [envelope])
        S.addEmptyBlocks(chain, 62)
        return envelope
      },
    },
    {
      what: `${name}: signed for another genesis`,
      error: 'SignatureInvalid',
      fate: name === 'transfer' ? 'signature' : 'unreadable',
      make: (chain) => make(chain, { domain: foreign } as never),
    },
  ]
})

const form: readonly Bad[] = withFate('unreadable', [
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

const fees: readonly Bad[] = withFate('skipped', [
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
    error: 'BlockTooLarge',
    make: (chain) =>
      S.pack(chain, { mode: 'perItem', items: new Array(40_000).fill({ payer: 1, payee: 2, amount: 0n }) }),
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
    what: 'Ethereum: replayed',
    error: 'TransactionReplayed',
    inBlock: 'NonceTooLow',
    make: (chain) => {
      const envelope = S.ethereum(chain)
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

export const allBad: readonly Bad[] = [...form, ...markCases, ...fees, ...movements, ...wrongTransfers]
