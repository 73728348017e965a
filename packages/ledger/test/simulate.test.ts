import { asChainId, asHeight, BanyanError, maxAmount } from '@banyan/base'
import {
  type Call,
  type Chain,
  finalize,
  readReceipt,
  roomOf,
  type SimulatedCall,
  type Simulation,
  simulateCall,
  stateView,
} from '@banyan/ledger'
import { createRandom, type Random, testSeed, tierCount } from '@banyan/testing'
import { expect, test } from 'vitest'
import * as S from './small-chain.js'

const sender = S.ethereumAddress(S.wallet)

/** Gas by which an envelope can be smaller than the largest that a simulation reckons with. */
const envelopeSlack = 16 * 48

function simulate(chain: Chain, call: Partial<SimulatedCall>): Simulation {
  const { header } = chain.head
  const block = {
    chainId: asChainId(chain.genesis.chainId),
    height: asHeight(BigInt(header.height)),
    timestamp: header.timestamp,
    proposer: header.proposer,
  }
  const base = { host: chain.host, view: stateView(chain.state), block, room: roomOf(chain.state) }
  const usual = {
    from: sender,
    to: S.addressOf(S.bob),
    value: 0n,
    data: new Uint8Array(0),
    gasLimit: 4_000_000,
  }
  return simulateCall(base, { ...usual, accessList: [], ...call })
}

/** Sends the call with this gas limit and returns its receipt and its logs. */
function really(chain: Chain, call: Partial<Call>, gasLimit: number) {
  finalize(chain, chain.head.header.height)
  const block = S.addBlock(chain, [S.ethereum(chain, { value: 0n, ...call, gasLimit: BigInt(gasLimit) })])
  return { receipt: readReceipt(block.receipts, 0), logs: block.logs.get(0) ?? [] }
}

function randomCall(random: Random): Call {
  const amount = BigInt(random.below(1_000))
  switch (random.below(6)) {
    case 0:
      return { to: S.filled(1 + random.below(200)), value: amount, data: new Uint8Array(0) }
    case 1:
      return S.callRules('store', { key: random.below(12), value: BigInt(random.below(3)) })
    case 2:
      return S.callRules('drop', { key: random.below(12) })
    case 3:
      return S.callRules('say', { count: random.below(6) })
    case 4:
      return S.callRules('mint', { amount: amount + 1n })
    default:
      return { to: S.addressOf(S.bob), value: 0n, data: random.bytes(random.below(40)) }
  }
}

test('SDK-4: a simulated call does what the transaction then does, with just enough gas', () => {
  const random = createRandom(testSeed('simulate'))
  const chain = S.newChain()
  let succeeded = 0
  for (let round = 0; round < tierCount({ push: 150, full: 3_000, fuzz: 1_000 }); round++) {
    const call = randomCall(random)
    const before = S.contentOf(chain)
    const simulated = simulate(chain, call)
    expect(S.contentOf(chain)).toEqual(before)
    const { receipt, logs } = really(chain, call, simulated.gasUsed)
    expect(receipt.error).toBe(simulated.error?.kind)
    expect(receipt.status).toBe(simulated.success ? 'success' : 'failed')
    expect(logs).toEqual(simulated.logs)
    expect(simulated.gasUsed - receipt.gasUsed).toBeGreaterThanOrEqual(0)
    if (simulated.success) succeeded++
    expect(simulated.gasUsed - receipt.gasUsed).toBeLessThanOrEqual(envelopeSlack)
  }
  expect(succeeded).toBeGreaterThan(60)
})

test('LED-12: a call with unknown keys is estimated at four times its compute gas', () => {
  const chain = S.newChain()
  const call = S.callRules('mint', { amount: 5n })
  const { gasUsed } = simulate(chain, call)
  const { receipt } = really(chain, call, gasUsed)
  expect(receipt.status).toBe('success')
  const again = really(chain, call, receipt.gasUsed - envelopeSlack)
  expect(again.receipt.error).toBe('GasExhausted')
})

test('SDK-4: a simulation is bounded by its gas limit, in computation and in rows', () => {
  const chain = S.newChain()
  const store = S.callRules('store', { key: 1, value: 1n })
  const { gasUsed } = simulate(chain, store)
  expect(simulate(chain, { ...store, gasLimit: gasUsed }).success).toBe(true)
  const short = simulate(chain, { ...store, gasLimit: gasUsed - 1 })
  expect(short).toMatchObject({
    success: false,
    gasUsed: gasUsed - 1,
    error: { kind: 'GasExhausted' },
    logs: [],
  })
  const talk = simulate(chain, { ...S.callRules('say', { count: 1_000 }), gasLimit: 30_000 })
  expect(talk.error?.kind).toBe('GasExhausted')
  expect(talk.gasUsed).toBeLessThanOrEqual(30_000)
  expect(() => simulate(chain, { gasLimit: 100 })).toThrow(BanyanError)
})

test('SDK-4: a simulated call needs no fee, but the value it pays', () => {
  const chain = S.newChain()
  const nobody = S.filled(0x91)
  expect(simulate(chain, { from: nobody, ...S.callRules('say', { count: 2 }) }).logs).toHaveLength(2)
  const poor = simulate(chain, { from: nobody, value: 1n })
  expect(poor).toMatchObject({ success: false, error: { kind: 'FundsInsufficient' } })
  expect(simulate(chain, { value: maxAmount }).error?.kind).toBe('FundsInsufficient')
})

test('SDK-4: a sender without a row pays for the row that its nonce makes', () => {
  const chain = S.newChain()
  const known = simulate(chain, S.callRules('say', { count: 1 }))
  const unknown = simulate(chain, { from: S.filled(0x92), ...S.callRules('say', { count: 1 }) })
  expect(unknown.gasUsed - known.gasUsed).toBe(6_400)
})

test('SDK-4: a simulation says when the state has no room for a new row', () => {
  const chain = S.newChain(undefined, { maxRows: 16 })
  const pay = (byte: number) => ({ to: S.filled(byte), value: 1n })
  let byte = 0x31
  for (; simulate(chain, pay(byte)).success; byte++) {
    expect(really(chain, pay(byte), 60_000).receipt.status).toBe('success')
  }
  expect(simulate(chain, pay(byte)).error?.kind).toBe('TableFull')
  expect(really(chain, pay(byte), 60_000).receipt.error).toBe('TableFull')
})
