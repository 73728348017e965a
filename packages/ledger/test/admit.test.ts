import { asAssetId, asHeight, BanyanError, type ErrorName, maxAmount } from '@banyan/base'
import {
  admit,
  admitTransfers,
  type Chain,
  createChain,
  createCollection,
  finalize,
  findInvalidSignature,
  funds,
  gas,
  gasPrices,
  type Receipt,
  rollback,
} from '@banyan/ledger'
import { createRandom, type Random, testSeed, tierCount } from '@banyan/testing'
import { expect, test } from 'vitest'
import { rules } from './rules-contract.js'
import * as S from './small-chain.js'

/** One of the values; the first one, which is harmless, most of the time. */
function mostly<Value>(random: Random, harmless: Value, ...others: readonly Value[]): Value {
  return others.length === 0 || random.below(8) > 0 ? harmless : others[random.below(others.length)]!
}

/** A transaction in which some field may be wrong. `marks` are ids of earlier blocks. */
function randomEnvelope(random: Random, chain: Chain, marks: readonly (typeof chain.head.id)[]): Uint8Array {
  const { height } = chain.head.header
  const mark = mostly(random, chain.head.id, ...marks)
  const until = (blocks: number) => asHeight(BigInt(Math.max(0, height + blocks)))
  const validUntil = mostly(random, until(5), until(0), until(1), until(63), until(64), until(65), until(-3))
  const key = mostly(random, S.alice, S.bob, S.carol, S.guarded, S.poor, S.stranger)
  const maxFee = mostly(random, 1_000_000, 0, 3, 7, 9, 14, 20)
  const tip = mostly(random, 3, 0, 4, 1_000_001)
  const flat = {
    mark,
    validUntil,
    key,
    maxFee,
    tip,
    asset: mostly(random, asAssetId(0), S.usable, S.paused, asAssetId(7)),
  }
  const amount = mostly(random, 5n, 0n, 1_000n, 1_001n, 20n * S.oneFig, 100n * S.oneFig, maxAmount)
  switch (random.below(4)) {
    case 0:
      return S.transfer(chain, {
        ...flat,
        amount,
        payee: mostly(random, S.addressOf(S.bob), S.filled(1 + random.below(200))),
      })
    case 1: {
      const item = () => ({
        payer: mostly(random, 1, 3, 2, 900),
        payee: mostly(random, 2, 4, 5, 900),
        amount,
      })
      return S.pack(chain, { ...flat, mode: mostly(random, 'atomic', 'perItem'), items: [item(), item()] })
    }
    case 2: {
      const isSponsored = random.below(3) === 0
      const sponsor = mostly(random, S.bob, S.poor, S.guarded)
      const calls = mostly(
        random,
        S.callRules('say', { count: 1 }),
        S.callRules('store', { key: random.below(9), value: 1n }),
        S.callRules('mint', { amount: 5n }),
        {
          ...S.callRules('guard'),
          value: amount,
        },
      )
      return S.nativeCall(chain, {
        mark,
        validUntil,
        keys: mostly(random, [key], [S.guarded, S.bob], [key, S.bob === key ? S.carol : S.bob]),
        gasLimit: mostly(random, 300_000n, 5_000n, 9_000n, 20_000n, 60_000n, 4_000_000n, 4_000_001n),
        maxFeePerGas: mostly(random, 5_000_000n, 999n, 10n ** 15n),
        tipPerGas: mostly(random, 1_000n, 0n, 5_000_001n),
        calls: [calls],
        ...(isSponsored
          ? {
              sponsor: S.addressOf(sponsor),
              sponsorKey: mostly(random, sponsor, S.carol),
              sponsorCap: mostly(random, S.oneFig, 1n),
            }
          : {}),
      })
    }
    default: {
      const wallet = mostly(random, S.wallet, S.stranger)
      const { nonce } = S.accountOf(chain, S.ethereumAddress(wallet))
      return S.ethereum(chain, {
        key: wallet,
        nonce: mostly(random, nonce, nonce + 1n, nonce > 0n ? nonce - 1n : 0n),
        gasLimit: mostly(random, 200_000n, 6_000n, 9_000n, 4_000_001n),
        maxFeePerGas: mostly(random, 5_000_000n, 10n, 10n ** 15n),
        maxPriorityFeePerGas: mostly(random, 5n, 0n),
        value: amount,
      })
    }
  }
}

function errorOf(run: () => unknown): ErrorName | undefined {
  try {
    run()
    return undefined
  } catch (error) {
    // A batch says which of its transactions is wrong; the cause says why.
    if (error instanceof BanyanError)
      return error.cause instanceof BanyanError ? error.cause.kind : error.kind
    throw error
  }
}

/**
 * Why a transaction is refused of which the threads have checked the signatures: `refusal` for what they cannot accept. Whether
 * the transfers of a batch are admitted is all that is known of them together.
 */
function refusalOfVerified(
  chain: Chain,
  envelope: Uint8Array,
  refusal: ErrorName | undefined,
): ErrorName | undefined {
  if (errorOf(() => S.batchesOf(chain, [envelope])) !== undefined) return refusal
  const batch = S.batchesOf(chain, [envelope])[0]!
  const [entry] = batch.entries
  if (entry !== undefined) return errorOf(() => admit(chain, envelope, { verified: entry.verified }))
  if (findInvalidSignature(S.provider, batch) >= 0) return refusal
  const isAdmitted = admitTransfers(chain, batch)[0] === 1
  expect(isAdmitted).toBe(refusal === undefined)
  return refusal
}

/** What a block does with the transaction: the receipt, or the error that keeps it out of batches. */
function execute(chain: Chain, envelope: Uint8Array): Receipt | ErrorName {
  const unreadable = errorOf(() => S.batchesOf(chain, [envelope]))
  if (unreadable !== undefined) return unreadable
  const batches = S.batchesOf(chain, [envelope])
  if (findInvalidSignature(S.provider, batches[0]!) >= 0) return 'SignatureInvalid'
  return S.receiptsOf(S.addBlock(chain, [envelope], batches))[0]!
}

test('LED-14, LED-17: admission agrees with the block that comes next', () => {
  const random = createRandom(testSeed('admission agrees'))
  const chain = S.newChain()
  S.addBlock(chain, [S.nativeCall(chain, { keys: [S.guarded], calls: [S.callRules('guard')] })])
  const marks = [chain.genesisId, chain.head.id]
  const seen: Uint8Array[] = []
  const outcomes = new Map<string, number>()
  const count = tierCount({ push: 2_500, full: 100_000, fuzz: 10_000 })
  for (let i = 0; i < count; i++) {
    const replayed = seen.length > 0 && random.below(12) === 0 ? seen[random.below(seen.length)] : undefined
    const envelope = replayed ?? randomEnvelope(random, chain, marks.slice(-70))
    const before = S.contentOf(chain)
    const refusal = errorOf(() => admit(chain, envelope))
    expect(refusalOfVerified(chain, envelope, refusal)).toBe(refusal)
    if (i % 50 === 0) expect(S.contentOf(chain)).toEqual(before)
    const outcome = execute(chain, envelope)
    const status = typeof outcome === 'string' ? 'unreadable' : outcome.status
    const key = `${refusal ?? 'admitted'} ${status}`
    outcomes.set(key, (outcomes.get(key) ?? 0) + 1)
    if (refusal === undefined) expect(['success', 'failed'], key).toContain(status)
    else expect(['unreadable', 'skipped', 'failed'], key).toContain(status)
    if (status === 'unreadable') expect(refusal).toBe(outcome)
    if (typeof outcome === 'string') continue
    if (random.below(3) === 0) {
      marks.push(chain.head.id)
      seen.push(envelope)
      finalize(chain, chain.head.header.height)
    } else rollback(chain)
  }
  const names = [...outcomes.keys()]
  for (const part of [
    'admitted success',
    'admitted failed',
    'skipped',
    'failed',
    'TransactionReplayed',
    'MarkUnknown',
    'NonceTooLow',
    'SponsorRefused',
    'AccountUnauthorized',
    'GasLimitTooLow',
  ]) {
    expect(
      names.some((name) => name.includes(part)),
      part,
    ).toBe(true)
  }
})

test('LED-14: admission says which work no block could hold', () => {
  const withLimit = (limit: Partial<typeof S.genesis.fees.limit>) =>
    S.newChain(undefined, { fees: { ...S.genesis.fees, limit: { ...S.genesis.fees.limit, ...limit } } })
  const refusalOf = (limit: Parameters<typeof withLimit>[0], make: (chain: Chain) => Uint8Array): unknown => {
    const chain = withLimit(limit)
    try {
      return admit(chain, make(chain)).id
    } catch (error) {
      return error
    }
  }
  const refused = (dimension: string, required: number, limit: number) => ({
    kind: 'WorkTooLarge',
    details: { dimension, required, limit },
  })
  const fresh = (chain: Chain) => S.transfer(chain, { payee: S.filled(1) })
  expect(refusalOf({ state: 6_399 }, fresh)).toMatchObject(refused('state', 6_400, 6_399))
  expect(refusalOf({ compute: 3_000, bytes: 3_087 }, fresh)).toMatchObject(refused('bytes', 3_088, 3_087))
  expect(refusalOf({ compute: 2_999 }, fresh)).toMatchObject(refused('compute', 3_000, 2_999))
  const data = new Uint8Array(100)
  for (const make of [
    (chain: Chain) => S.nativeCall(chain, { calls: [{ to: S.addressOf(S.bob), value: 0n, data }] }),
    (chain: Chain) => S.ethereum(chain, { data }),
  ]) {
    const bytes = gas.perByte * make(withLimit({})).length
    expect(refusalOf({ bytes: bytes - 1 }, make)).toMatchObject(refused('bytes', bytes, bytes - 1))
    expect(refusalOf({ bytes }, make)).toBeInstanceOf(Uint8Array)
  }
})

/** The rules contract, with a policy that costs as much gas as this. */
const policyGas = 10 * gasPrices.rowRead
const costly = createCollection(1, [
  {
    ...rules,
    interfaces: {
      'authorize/1': {
        run: (context, { account }) => {
          for (let i = 0; i < 10; i++) funds.account(context, account)
          return undefined
        },
        keys: () => [],
      },
    },
  },
])

test('LED-12, LED-14: admission asks four times the gas of a policy for a call that runs alone', () => {
  const chain = createChain({ genesis: S.genesis, provider: S.provider, collection: costly })
  S.addBlock(chain, [S.nativeCall(chain, { keys: [S.guarded], calls: [S.callRules('guard')] })])
  const kinds = [
    { call: S.callRules('say', { count: 0 }), factor: 1 },
    { call: S.callRules('mint', { amount: 1n }), factor: gas.sequentialFactor },
  ]
  for (const { call, factor } of kinds) {
    const withGas = (gasLimit: bigint) => S.nativeCall(chain, { keys: [S.guarded], calls: [call], gasLimit })
    const intrinsic = gas.native + gas.signature + gas.perByte * withGas(0n).length
    const enough = BigInt(intrinsic + factor * policyGas)
    for (const gasLimit of [enough - 1n, enough]) {
      const envelope = withGas(gasLimit)
      const refusal = errorOf(() => admit(chain, envelope))
      const outcome = execute(chain, envelope)
      rollback(chain)
      expect(refusal, `factor ${factor}`).toBe(gasLimit < enough ? 'AccountUnauthorized' : undefined)
      expect(outcome).toMatchObject(
        gasLimit < enough
          ? { status: 'skipped', error: 'AccountUnauthorized' }
          : { status: 'failed', error: 'GasExhausted' },
      )
    }
  }
})

test('LED-17: a payment in the newest block is not admitted again, whatever nonce is expected', () => {
  const chain = S.newChain()
  const envelope = S.ethereum(chain, { value: 5n, data: new Uint8Array(0) })
  const batch = S.batchesOf(chain, [envelope])[0]!
  const { verified } = batch.entries[0]!
  const nonceFor = (_: unknown, given: bigint) => given
  expect(errorOf(() => admit(chain, envelope, { verified, nonceFor }))).toBeUndefined()
  S.addBlock(chain, [envelope])
  expect(errorOf(() => admit(chain, envelope, { verified, nonceFor }))).toBe('TransactionReplayed')
})
