import { type Address, toHex } from '@banyan/base'
import { contractAddress, pricesAbi, validatorRows, validatorsAbi } from '@banyan/contracts'
import { createRandom, testSeed } from '@banyan/testing'
import { beforeEach, expect, test } from 'vitest'
import { addressOf, type Chain, contractAt, createChain, host, resultOf } from './support/chain.js'

const [owner, stranger] = [1, 2].map(addressOf) as [Address, Address]
const unit = 10n ** 18n
const decimal = (text: string): bigint => BigInt(Math.round(Number(text) * 1e6)) * 10n ** 12n
/** What one coin buys: thousands of MIPS-hours, TFLOPS-hours, gigabytes. */
const start = { cpu: decimal('3290.4'), gpu: decimal('3.08'), traffic: decimal('11.4') }

let chain: Chain
let prices: ReturnType<typeof contractAt>
let today: number

beforeEach(() => {
  chain = createChain([[owner, 1_000n]])
  const keys = { ed25519Key: new Uint8Array(32).fill(1), blsKey: new Uint8Array(48).fill(1) }
  const storage = validatorRows(host.crypto.sha256, owner, [{ account: owner, weight: 1n, ...keys }])
  chain.state.apply({ accounts: [], balances: [], storage, utxos: [], assets: [] })
  prices = contractAt(chain, pricesAbi, contractAddress('banyan/prices'))
  today = Number(resultOf(pricesAbi, 'today', prices(stranger, 'today')))
})

const set = (fromDay: number, curve = start, caller = owner) =>
  prices(caller, 'setCurve', { fromDay, ...curve })
const on = (day: number) => {
  const outcome = prices(stranger, 'amountOn', { day })
  return resultOf(pricesAbi, 'amountOn', outcome) as readonly [bigint, bigint, bigint]
}
const count = () => Number(resultOf(pricesAbi, 'curveCount', prices(stranger, 'curveCount')))

test('ECO-3: R(N) = R(0)·2^(N/730), equal to an exact mirror to a billionth, and to the published table', () => {
  expect(set(0).success).toBe(true)
  const table = [
    [0, 3290.4, 3.08, 11.4],
    [1, 3293.5, 3.08, 11.4],
    [7, 3312.3, 3.1, 11.5],
    [30, 3385.5, 3.17, 11.7],
    [90, 3584.0, 3.35, 12.4],
    [365, 4653.3, 4.36, 16.1],
    [730, 6580.8, 6.16, 22.8],
  ] as const
  for (const [day, cpu, gpu, traffic] of table) {
    const [a, b, c] = on(day).map((amount) => Number(amount) / 1e18)
    expect(Math.abs(a! - cpu)).toBeLessThan(0.06)
    expect(Math.abs(b! - gpu)).toBeLessThan(0.006)
    expect(Math.abs(c! - traffic)).toBeLessThan(0.06)
  }
  const random = createRandom(testSeed('price curve'))
  for (let i = 0; i < 300; i++) {
    const day = i < 20 ? 2 ** i % 73_000 : random.below(73_001)
    const [cpu] = on(day)
    const mirror = 3290.4 * 2 ** (day / 730)
    expect(Math.abs(Number(cpu) / 1e18 / mirror - 1)).toBeLessThan(1e-9)
  }
})

/** Largest integer whose power is not above the value, by bisection. */
function root(value: bigint, power: bigint): bigint {
  let [low, high] = [0n, 1n << 100n]
  while (low < high) {
    const middle = (low + high + 1n) / 2n
    if (middle ** power <= value) low = middle
    else high = middle - 1n
  }
  return low
}

test('ECO-3: a day of growth is the 730th root of two, to all 96 bits', () => {
  expect(set(0, { ...start, cpu: 1n << 127n }).success).toBe(true)
  for (const [days, power] of [
    [1, 730n],
    [2, 365n],
  ] as const) {
    const exact = root(2n << (96n * power), power)
    expect(on(days)[0]).toBe(exact << 31n)
  }
  expect(on(73_000)[0]).toBe((1n << 127n) << 100n)
  expect(prices(stranger, 'amountOn', { day: 73_001 }).error?.reason).toContain('NoCurve')
})

test('ECO-3: coefficients change for later days only, and what was stays', () => {
  expect(set(today - 100).success).toBe(true)
  const past = [on(today - 100), on(today)]
  const doubled = { cpu: start.cpu * 2n, gpu: start.gpu * 2n, traffic: start.traffic * 2n }
  for (const day of [0, today - 1, today]) expect(set(day, doubled).error?.reason).toContain('NotInFuture')
  expect(set(today + 5, doubled).success).toBe(true)
  expect([on(today - 100), on(today)]).toEqual(past)
  expect(on(today + 5)).toEqual([doubled.cpu, doubled.gpu, doubled.traffic])
  expect(set(today + 3, start).success).toBe(true)
  expect(count()).toBe(2)
  expect(on(today + 5)).not.toEqual([doubled.cpu, doubled.gpu, doubled.traffic])
  expect(prices(stranger, 'amountOn', { day: today - 101 }).error?.reason).toContain('NoCurve')
  expect(prices(stranger, 'curveAt', { index: 1 }).success).toBe(true)
  expect(prices(stranger, 'curveAt', { index: 2 }).error?.reason).toContain('OutOfRange')
})

test('ECO-3: only the owner of the registry sets prices, and never to nothing', () => {
  expect(set(today + 1, start, stranger).error?.reason).toContain('NotOwner')
  for (const name of ['cpu', 'gpu', 'traffic'] as const)
    expect(set(today + 1, { ...start, [name]: 0n }).error?.reason).toContain('CoefficientZero')
  const registry = contractAt(chain, validatorsAbi, contractAddress('banyan/validators'))
  expect(registry(owner, 'setOwner', { owner: stranger }).success).toBe(true)
  expect(set(today + 1).error?.reason).toContain('NotOwner')
  const outcome = set(today + 1, start, stranger)
  expect(outcome.success).toBe(true)
  expect(outcome.logs.map(({ address }) => toHex(address))).toEqual([toHex(contractAddress('banyan/prices'))])
  expect(start.cpu > unit).toBe(true)
})

test('ECO-3: the number of curves is bounded', () => {
  for (let i = 0; i < 256; i++) expect(set(today + 1 + i).success).toBe(true)
  expect(set(today + 300).error?.reason).toContain('TooMany')
  expect(set(today + 10).success).toBe(true)
  expect(count()).toBe(10)
})
