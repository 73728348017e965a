import { BanyanError, type ErrorName } from '@banyan/base'
import { type CryptoProvider, ed25519Address } from '@banyan/crypto'
import {
  admit,
  admitTransfers,
  type Chain,
  findInvalidSignature,
  rollback,
  transferLength,
  transferType,
} from '@banyan/ledger'
import { beforeEach, describe, expect, test } from 'vitest'
import { allBad, movements, wrongTransfers, zeroMark } from './bad-cases/index.js'
import * as S from './small-chain.js'

/** Two blocks: account 4 is under a policy, the wallet has used a nonce. */
function preparedChain(crypto?: CryptoProvider): Chain {
  const chain = S.newChain(crypto)
  S.addBlock(chain, [S.nativeCall(chain, { keys: [S.guarded], calls: [S.callRules('guard')] })])
  S.addBlock(chain, [S.ethereum(chain)])
  return chain
}

let chain: Chain
beforeEach(() => {
  chain = preparedChain()
})

function refusalOf(run: () => unknown): BanyanError {
  try {
    run()
  } catch (error) {
    if (error instanceof BanyanError) return error
    throw error
  }
  throw new Error('it was accepted')
}

/** Content of the state after a block with these transactions, which is taken back. */
function contentAfter(envelopes: readonly Uint8Array[]) {
  const block = S.addBlock(chain, envelopes)
  const content = S.contentOf(chain)
  rollback(chain)
  return { content, receipt: S.receiptsOf(block)[0] }
}

describe('LED-3, LED-4, LED-14, QLT-6: bad input has an error of its own', () => {
  test.each(allBad)('LED-14: at admission: $what', ({ make, error, details }) => {
    const envelope = make(chain)
    const before = S.contentOf(chain)
    const refusal = refusalOf(() => admit(chain, envelope))
    expect(refusal.kind).toBe(error)
    expect(refusal.message).not.toMatch(/\{|undefined/)
    if (details !== undefined) expect(refusal.details).toMatchObject(details)
    expect(S.contentOf(chain)).toEqual(before)
  })
})

test('LED-17: a bad transfer is found among those that are admitted together', () => {
  let count = 0
  for (const { what, make } of allBad) {
    chain = preparedChain()
    const envelope = make(chain)
    if (envelope[0] !== transferType || envelope.length !== transferLength) continue
    const [described] = S.batchesOf(chain, [S.transfer(chain), envelope])
    if (findInvalidSignature(S.provider, described!) >= 0) continue
    expect([...admitTransfers(chain, described!)], what).toEqual([1, 0])
    count++
  }
  expect(count).toBeGreaterThan(10)
})

describe('LED-4, LED-14: bad input in a block', () => {
  test.each(allBad.filter(({ fate }) => fate === 'unreadable'))('LED-3: no batch holds it: $what', (bad) => {
    const envelope = bad.make(chain)
    const refusal = refusalOf(() => S.batchesOf(chain, [envelope]))
    expect(refusal.kind).toBe('BatchTransactionInvalid')
    expect(refusal.details['index']).toBe(0)
    expect(refusal.cause).toMatchObject({ kind: bad.error })
  })

  test.each(allBad.filter(({ fate }) => fate === 'skipped'))('LED-14: it leaves no trace: $what', (bad) => {
    const envelope = bad.make(chain)
    const { content, receipt } = contentAfter([envelope])
    expect(receipt).toMatchObject({
      status: 'skipped',
      error: bad.inBlock ?? bad.error,
      gasUsed: 0,
      baseFee: 0n,
      tip: 0n,
    })
    expect(content).toEqual(contentAfter([]).content)
  })

  test.each(movements)('LED-14: it leaves its fee and its id: $what', ({ make, error }) => {
    const envelope = make(chain)
    const payer = payerOf(envelope)
    const before = S.accountOf(chain, payer).balance
    const block = S.addBlock(chain, [envelope])
    const [receipt] = S.receiptsOf(block)
    expect(receipt).toMatchObject({ status: 'failed', error })
    const fee = receipt!.baseFee + receipt!.tip
    expect(fee).toBeGreaterThan(0n)
    expect(S.accountOf(chain, payer).balance).toBe(before - fee)
    expect(refusalOf(() => admit(chain, envelope)).kind).toBe('TransactionReplayed')
  })

  test.each(wrongTransfers.slice(0, 2))('LED-3: the check of signatures finds it: $what', ({ make }) => {
    const [described] = S.batchesOf(chain, [S.transfer(chain), make(chain), S.transfer(chain)])
    expect(findInvalidSignature(S.provider, described!)).toBe(1)
    expect(findInvalidSignature(S.provider, described!, 2, 3)).toBe(-1)
  })
})

/** Address of the key at the start of a transfer or package. */
const payerOf = (envelope: Uint8Array) => ed25519Address(S.provider, envelope.subarray(1, 33))

describe('QLT-6: bad input costs little', () => {
  const counts = { signatures: 0 }
  const counting: CryptoProvider = {
    ...S.provider,
    ed25519: {
      ...S.provider.ed25519,
      verify: (...args) => counted(() => S.provider.ed25519.verify(...args)),
    },
    verifyEd25519Batch: (...args) => counted(() => S.provider.verifyEd25519Batch(...args)),
    secp256k1: {
      ...S.provider.secp256k1,
      recover: (...args) => counted(() => S.provider.secp256k1.recover(...args)),
    },
    p256: {
      ...S.provider.p256,
      verifyMessage: (...args) => counted(() => S.provider.p256.verifyMessage(...args)),
    },
  }
  function counted<Result>(run: () => Result): Result {
    counts.signatures++
    return run()
  }

  beforeEach(() => {
    chain = preparedChain(counting)
    counts.signatures = 0
  })

  test('LED-4: a flood of 1,000 transactions with unknown marks costs no signature check', () => {
    const makers = [S.transfer, S.pack, S.nativeCall]
    for (let i = 0; i < 1_000; i++) {
      const envelope = makers[i % 3]!(chain, { mark: zeroMark })
      expect(refusalOf(() => admit(chain, envelope)).kind).toBe('MarkUnknown')
    }
    expect(counts.signatures).toBe(0)
  })

  const decidedBySigners: readonly ErrorName[] = [
    'SignatureInvalid',
    'AccountUnauthorized',
    'SponsorRefused',
    'NonceTooLow',
    'NonceTooHigh',
  ]
  const unsigned = allBad.filter(
    ({ what, error }) =>
      !decidedBySigners.includes(error) && !/new rows|Ethereum: (largest fee|sender)/.test(what),
  )
  test.each(unsigned)('QLT-6: refused before its signature: $what', ({ make }) => {
    const envelope = make(chain)
    refusalOf(() => admit(chain, envelope))
    expect(counts.signatures).toBe(0)
  })

  test('QLT-6: a good transaction costs as many signature checks as it has signatures', () => {
    const sponsored = { sponsor: S.addressOf(S.bob), sponsorKey: S.bob }
    const good: readonly (readonly [Uint8Array, number])[] = [
      [S.transfer(chain), 1],
      [S.pack(chain), 1],
      [S.ethereum(chain), 1],
      [S.nativeCall(chain), 1],
      [S.nativeCall(chain, sponsored), 2],
      [S.nativeCall(chain, { keys: [S.guarded, S.bob] }), 2],
    ]
    for (const [envelope, expected] of good) {
      counts.signatures = 0
      admit(chain, envelope)
      expect(counts.signatures).toBe(expected)
    }
  })
})

test('LED-15: admission names who pays, and how much at most', () => {
  const sponsored = admit(chain, S.nativeCall(chain, { sponsor: S.addressOf(S.bob), sponsorKey: S.bob }))
  expect(sponsored).toMatchObject({
    sender: S.addressOf(S.alice),
    payer: S.addressOf(S.bob),
    largestFee: 300_000n * 5_000_000n,
  })
  expect(sponsored.validUntil).toBe(12n)
  const plain = admit(chain, S.transfer(chain))
  expect(plain).toMatchObject({ payer: plain.sender, largestFee: 10n ** 15n })
  expect(admit(chain, S.ethereum(chain)).validUntil).toBeUndefined()
  expect(plain.sender).toEqual(S.addressOf(S.alice))
})
