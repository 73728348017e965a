import { type Address, asAddress, asChainId, toHex } from '@banyan/base'
import { secp256k1Address } from '@banyan/crypto'
import { native } from '@banyan/crypto/native'
import {
  buildBlock,
  type Chain,
  createChain,
  createCollection,
  describeBatch,
  encodeEthereum,
  finalize,
  generalBatch,
  readReceipt,
  signEthereum,
  stateView,
} from '@banyan/ledger'
import { createRandom, testSeed, tierCount } from '@banyan/testing'
import { expect, test } from 'vitest'

/**
 * Payments that stand alone are executed straight on the rows; behind a queued call they take the path of calls. Both
 * must come to the same.
 */

const price = 10n ** 9n
const people = Array.from({ length: 6 }, (_, i) => {
  const secret = new Uint8Array(32).fill(i + 1)
  return { secret, address: secp256k1Address(native, native.secp256k1.publicKey(secret)) }
})
const proposer = asAddress(new Uint8Array(20).fill(0xee))

function newChain(maxRows: number): Chain {
  const prices = { compute: price, bytes: price, state: price }
  const limit = { compute: 1e9, bytes: 1e9, state: 1e9 }
  const balances = [10n ** 24n, 10n ** 24n, 10n ** 24n, 10n ** 15n, 10n ** 14n, 10n ** 24n]
  return createChain({
    genesis: {
      chainId: 77n,
      timestamp: 1n,
      fees: { start: prices, floor: prices, limit },
      maxRows,
      accounts: people.map(({ address }, i) => ({ address, balance: balances[i]! })),
      assets: [],
    },
    provider: native,
    collection: createCollection(1, []),
  })
}

function payment(
  from: number,
  nonce: bigint,
  fields: { to: Address; value: bigint; gasLimit: bigint; tip: bigint },
) {
  return encodeEthereum(
    signEthereum(
      native,
      {
        type: 2,
        chainId: asChainId(77n),
        nonce,
        maxFeePerGas: 2n * price,
        maxPriorityFeePerGas: fields.tip,
        gasLimit: fields.gasLimit,
        to: fields.to,
        value: fields.value,
        data: new Uint8Array(0),
        accessList: [],
      },
      people[from]!.secret,
    ),
  )
}

function build(chain: Chain, envelopes: readonly Uint8Array[]) {
  const { header } = chain.head
  const batches = [describeBatch(native, chain.domains, generalBatch(envelopes))]
  return buildBlock(chain, { batches, proposer, timestamp: header.timestamp + 1n, view: header.view + 1 })
}

/** The last of the people sends data to nobody: a call that fails, and makes what follows queue behind it. */
function failingCall(nonce: bigint): Uint8Array {
  const to = asAddress(new Uint8Array(20).fill(0xdd))
  const unsigned = {
    type: 2 as const,
    chainId: asChainId(77n),
    nonce,
    maxFeePerGas: price,
    maxPriorityFeePerGas: 0n,
    gasLimit: 50_000n,
    to,
    value: 0n,
    data: new Uint8Array(4),
    accessList: [],
  }
  return encodeEthereum(signEthereum(native, unsigned, people[5]!.secret))
}

test.each([
  { title: '', maxRows: 1000, outcome: 'skipped NonceTooHigh' },
  { title: ', where rows run out', maxRows: 14, outcome: 'failed TableFull' },
])(
  'LED-12, LED-14: payments on the rows equal payments on the path of calls$title',
  ({ maxRows, outcome }) => {
    const random = createRandom(testSeed('payments'))
    const strangers = Array.from({ length: 8 }, () => asAddress(random.bytes(20)))
    const targets = [...people.slice(0, 5).map(({ address }) => address), ...strangers]
    const direct = newChain(maxRows)
    const queued = newChain(maxRows)
    const outcomes = new Set<string>()
    const rounds = tierCount({ push: 40, full: 2_000, fuzz: 500 })
    for (let round = 0; round < rounds; round++) {
      const nonces = people.map(({ address }) => stateView(direct.state).account(address)?.nonce ?? 0n)
      const envelopes = Array.from({ length: 12 }, () => {
        const from = random.below(5)
        const skew = random.below(8) === 0 ? 1n : 0n
        const envelope = payment(from, nonces[from]! + skew, {
          to: targets[random.below(targets.length)]!,
          value: [0n, 1n, 10n ** 13n, 10n ** 14n, 10n ** 30n][random.below(5)]!,
          gasLimit: [21_000n, 15_100n, 8_700n, 7_000n, 8_608n][random.below(5)]!,
          tip: [0n, price / 2n, price][random.below(3)]!,
        })
        nonces[from]! += 1n
        return envelope
      })
      const alone = build(direct, envelopes)
      const behind = build(queued, [failingCall(BigInt(round)), ...envelopes])
      for (let i = 0; i < envelopes.length; i++) {
        const receipt = readReceipt(alone.receipts, i)
        expect(readReceipt(behind.receipts, i + 1)).toEqual(receipt)
        outcomes.add(`${receipt.status} ${receipt.error ?? ''}`.trim())
      }
      for (const address of targets) {
        const [a, b] = [stateView(direct.state), stateView(queued.state)]
        expect([toHex(address), b.account(address), b.accountNumber(address)]).toEqual([
          toHex(address),
          a.account(address),
          a.accountNumber(address),
        ])
      }
      finalize(direct, alone.header.height)
      finalize(queued, behind.header.height)
    }
    expect([...outcomes].sort()).toEqual(
      expect.arrayContaining(['failed FundsInsufficient', 'failed GasExhausted', outcome, 'success']),
    )
  },
)
