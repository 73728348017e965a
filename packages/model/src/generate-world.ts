import { maxAmount } from '@banyan/base'
import type { Genesis } from './genesis.js'
import { ed25519Address } from './keys.js'
import type { Random } from './random.js'
import { type Asset, pausedFlag, policyFlag, type Triple } from './state.js'
import type { Transaction } from './transaction.js'

/** Who takes part in generated blocks. Keys are random bytes: nothing in the model needs their private halves. */
export type World = {
  readonly genesis: Genesis
  /** Public keys of the genesis accounts 1, 2, …, then of accounts created since. */
  readonly keys: Uint8Array[]
  /** Usual proposer, without an account at first. */
  readonly proposer: Uint8Array
  /** Transactions generated so far, the oldest of them dropped from time to time: for replays. */
  readonly history: Transaction[]
}

export type WorldOptions = {
  /** Number of genesis accounts, at least 16. */
  readonly accounts: number
  /** Gas limits of a block. Base fees move when blocks use more or less than half of them. */
  readonly limits: Triple
  /** Base fee of all dimensions in the first block, and the least there can be; 0 and 0 make a free chain. */
  readonly startPrice: bigint
  readonly floorPrice: bigint
  /** Bound of every keyed table. */
  readonly maxRows: number
}

/** Numbers of the assets that every generated world has. */
export const worldAssets = { common: 1, paused: 2, huge: 3, count: 4 } as const

/** Account number of the delegate of every third account, and of the account guarded by a policy. */
export const hubNumber = 1
export const guardedNumber = 2

/**
 * A genesis with rich, poor, empty, guarded and delegating accounts; with a common, a paused and a huge asset, of
 * which the hub holds the largest amount there can be.
 */
export function generateWorld(random: Random, options: WorldOptions): World {
  const keys = Array.from({ length: options.accounts }, () => random.bytes(32))
  const accounts = keys.map((key, i) => genesisAccount(random, key, i + 1))
  const balances = keys.flatMap((key, i) => genesisBalances(random, ed25519Address(key), i + 1))
  balances.sort((a, b) => a.asset - b.asset)
  const supplyOf = (number: number) =>
    balances.reduce((total, row) => (row.asset === number ? total + row.amount : total), 0n)
  const figSupply = accounts.reduce((total, account) => total + account.balance, 0n)
  const assets = [
    asset('FIG', 0, figSupply),
    asset('COMMON', 0, supplyOf(worldAssets.common)),
    asset('PAUSED', pausedFlag, supplyOf(worldAssets.paused)),
    asset('HUGE', 0, maxAmount),
  ]
  const { startPrice: start, floorPrice: floor } = options
  const genesis: Genesis = {
    chainId: BigInt(1 + random.below(2 ** 31)),
    timestamp: 1_700_000_000_000n,
    prices: { start: [start, start, start], floor: [floor, floor, floor], limits: options.limits },
    accounts,
    assets,
    balances,
    maxRows: options.maxRows,
  }
  return { genesis, keys, proposer: random.bytes(20), history: [] }
}

function genesisAccount(random: Random, key: Uint8Array, number: number): Genesis['accounts'][number] {
  const richest = number === hubNumber ? 1n << 126n : undefined
  const poor = random.pick([0n, 1n, random.uint(33), random.uint(35)])
  return {
    address: ed25519Address(key),
    balance: richest ?? (random.chance(0.15) ? poor : random.uint(70)),
    flags: number === guardedNumber ? policyFlag : 0,
    delegate: number % 3 === 0 ? hubNumber : 0,
  }
}

function genesisBalances(random: Random, address: Uint8Array, number: number): Genesis['balances'][number][] {
  const { common, paused, huge } = worldAssets
  const rows = [
    { address, asset: common, amount: random.uint(40) },
    { address, asset: paused, amount: random.uint(40) },
  ].filter(() => random.chance(0.5))
  return number === hubNumber ? [...rows, { address, asset: huge, amount: maxAmount }] : rows
}

function asset(symbol: string, flags: number, supply: bigint): Asset {
  return {
    issuer: new Uint8Array(20),
    flags,
    decimals: 18,
    supply,
    cap: maxAmount,
    metadataHash: new Uint8Array(32),
    name: symbol,
    symbol,
  }
}
