import { toHex } from '@banyan/base'
import { premiumOf, type ResourceCurve, resourcesOn } from '@banyan/billing'
import { contractAddress, genesisCollection, pricesAbi, validatorRows } from '@banyan/contracts'
import { createOverlay, executeCall, type Host } from '@banyan/ledger'
import { createRandom, testSeed } from '@banyan/testing'
import { addressOf, callData, fundedState, requestOf, testCrypto } from '@banyan/testing/contract-calls'
import * as AbiFunction from 'ox/AbiFunction'
import { expect, test } from 'vitest'

const host: Host = { collection: genesisCollection, crypto: testCrypto }
const owner = addressOf(1)
const unit = 10n ** 15n
const curve: ResourceCurve = {
  fromDay: 17_927,
  cpu: 3_290_400n * unit,
  gpu: 3_080n * unit,
  traffic: 11_400n * unit,
}

test('ECO-3: the mirror and the contract agree to a billionth on any day', () => {
  const state = fundedState([[owner, 1_000n]])
  const keys = { ed25519Key: new Uint8Array(32).fill(1), blsKey: new Uint8Array(48).fill(1) }
  const storage = validatorRows(host.crypto.sha256, owner, [{ account: owner, weight: 1n, ...keys }])
  const nothing = { accounts: [], balances: [], utxos: [], assets: [] }
  state.apply({ ...nothing, storage })
  const overlay = createOverlay(state)
  const call = (name: 'setCurve' | 'amountOn', args: Readonly<Record<string, unknown>>) => {
    const to = contractAddress('banyan/prices')
    return executeCall(host, overlay, requestOf({ caller: owner, to, data: callData(pricesAbi, name, args) }))
  }
  expect(call('setCurve', curve).success).toBe(true)
  const random = createRandom(testSeed('mirror'))
  for (let i = 0; i < 200; i++) {
    const day = curve.fromDay + random.below(40_000)
    const outcome = call('amountOn', { day })
    const item = AbiFunction.fromAbi(pricesAbi, 'amountOn')
    const amounts = AbiFunction.decodeResult(item, toHex(outcome.returnData)) as readonly bigint[]
    const { cpu, gpu, traffic } = resourcesOn([curve], day)
    for (const [j, mirrored] of [cpu, gpu, traffic].entries())
      expect(Math.abs(Number(amounts[j]) / 1e18 / mirrored - 1)).toBeLessThan(1e-9)
  }
})

test('ECO-3: a later curve counts from its day on', () => {
  const later = { ...curve, fromDay: curve.fromDay + 730, cpu: 1_000_000n * unit }
  expect(resourcesOn([curve, later], later.fromDay - 730).cpu).toBeCloseTo(3_290.4, 6)
  expect(resourcesOn([curve, later], later.fromDay).cpu).toBeCloseTo(1_000, 6)
  expect(resourcesOn([curve], later.fromDay).cpu).toBeCloseTo(6_580.8, 6)
  expect(() => resourcesOn([curve], 0)).toThrow('none for day 0')
})

test('ECO-3: a model of the table has its premium, others lie on the line between their neighbours', () => {
  const table = [
    { model: 'slow', score: 100, premium: 5_000n },
    { model: 'odd', score: 150, premium: 9_999n },
    { model: 'fast', score: 200, premium: 12_000n },
  ]
  const of = (score: number, model = '') => premiumOf(table, { model, score })
  expect(of(7, 'odd')).toBe(9_999n)
  expect(of(125)).toBe(7_499n)
  expect(of(150)).toBe(9_999n)
  expect([of(1), of(100), of(200), of(10_000)]).toEqual([5_000n, 5_000n, 12_000n, 12_000n])
  expect(() => premiumOf([], { model: '', score: 1 })).toThrow('empty')
})
