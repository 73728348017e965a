import type { State, Triple } from './state.js'
import { type Transaction, transactionSize } from './transaction.js'

/** Pip in a nano-FIG. */
export const nanoFig = 10n ** 9n

/** No base fee rises above this. */
const largestPrice = 2n ** 64n - 1n

/** State gas of a new 64-byte row: 100 gas per byte. */
const rowGas = 6_400n

/** Gas of a transaction that brings `newRows` account or balance rows into being. */
export function gasOf(transaction: Transaction, newRows: bigint): Triple {
  const items = transaction.kind === 'package' ? transaction.items.length : 0
  return [3_000n + 100n * BigInt(items), 16n * BigInt(transactionSize(transaction)), rowGas * newRows]
}

/** Base part of a fee, in pip. */
export function baseFeeOf(gas: Triple, prices: Triple): bigint {
  return gas[0] * prices[0] + gas[1] * prices[1] + gas[2] * prices[2]
}

export function sum(gas: Triple): bigint {
  return gas[0] + gas[1] + gas[2]
}

export function addTriples(a: Triple, b: Triple): Triple {
  return [a[0] + b[0], a[1] + b[1], a[2] + b[2]]
}

/** Base fees after a block that used this much gas. */
export function nextPrices(state: State, used: Triple): Triple {
  const next = (dimension: 0 | 1 | 2) =>
    nextPrice(state.prices[dimension], used[dimension], state.limits[dimension], state.floor[dimension])
  return [next(0), next(1), next(2)]
}

/** One base fee after a block: towards half the limit by at most an eighth per target, rounded down. */
export function nextPrice(price: bigint, used: bigint, limit: bigint, floor: bigint): bigint {
  const target = limit / 2n
  const step = floorDivide(price * (used - target), target * 8n)
  const least = used > target && floor > 0n ? 1n : undefined
  const moved = price + (least !== undefined && step < least ? least : step)
  if (moved < floor) return floor
  return moved < largestPrice ? moved : largestPrice
}

function floorDivide(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor
  return dividend % divisor < 0n ? quotient - 1n : quotient
}
