/** Work is counted in gas in three dimensions, each with its own base fee. docs/formats.md "Gas and fees". */

export const gas = {
  transfer: 3_000,
  package: 3_000,
  packageItem: 100,
  ethereum: 5_000,
  native: 2_000,
  signature: 3_000,
  perByte: 16,
  perStateByte: 100,
  /** Calls whose keys are unknown run alone and pay this many times their compute gas. */
  sequentialFactor: 4,
  /** A block spends at most this part of its compute limit on policies whose answer nobody pays. */
  unpaidShare: 16,
} as const

/** Gas in the three dimensions. */
export type GasVector = { readonly compute: number; readonly bytes: number; readonly state: number }

/** Base fees in pip per gas of each dimension. */
export type Prices = { readonly compute: bigint; readonly bytes: bigint; readonly state: bigint }

export type FeeRules = {
  /** Base fees of the first block. */
  readonly start: Prices
  /** Base fees never fall below these. */
  readonly floor: Prices
  /** Most gas of each dimension in one block; the target of the base fee is half of it. */
  readonly limit: GasVector
}

/** Pip per nano-FIG: the unit in which transfers and packages state their fee. */
export const pipPerNano = 1_000_000_000n

/** Base fee of some work, in pip. */
export function baseFeeOf(work: GasVector, prices: Prices): bigint {
  return (
    BigInt(work.compute) * prices.compute +
    BigInt(work.bytes) * prices.bytes +
    BigInt(work.state) * prices.state
  )
}

/** Total gas, as Ethereum clients see it. */
export function totalGas(work: GasVector): number {
  return work.compute + work.bytes + work.state
}

/** The base fee that wallets see: enough for any mix of work. */
export function walletBaseFee(prices: Prices): bigint {
  return [prices.bytes, prices.state].reduce((a, b) => (a > b ? a : b), prices.compute)
}

/**
 * Price per unit of total gas such that `gasUsed × price` covers the base fee: rounded up, so that the fee is an exact
 * multiple of the gas used.
 */
function effectiveBasePrice(work: GasVector, prices: Prices): bigint {
  const used = BigInt(totalGas(work))
  return (baseFeeOf(work, prices) + used - 1n) / used
}

/** Receipts hold fees in 12 bytes: a tip per gas counts at most 2^64 - 1. */
const largestTip = (1n << 64n) - 1n

/** Base fee and tip of a call transaction in pip; its fee per gas covers the price of any mix of work. */
export function callFee(
  work: GasVector,
  prices: Prices,
  terms: { readonly maxFeePerGas: bigint; readonly tipPerGas: bigint },
): { readonly baseFee: bigint; readonly tip: bigint } {
  const price = effectiveBasePrice(work, prices)
  const gasUsed = BigInt(totalGas(work))
  const room = terms.maxFeePerGas - price
  const wanted = terms.tipPerGas < largestTip ? terms.tipPerGas : largestTip
  return { baseFee: gasUsed * price, tip: gasUsed * (wanted < room ? wanted : room) }
}

/** Base fees of the next block: each moves by at most an eighth towards its target (EIP-1559, per dimension). */
export function nextPrices(prices: Prices, used: GasVector, rules: FeeRules): Prices {
  return {
    compute: nextPrice(prices.compute, used.compute, rules.limit.compute, rules.floor.compute),
    bytes: nextPrice(prices.bytes, used.bytes, rules.limit.bytes, rules.floor.bytes),
    state: nextPrice(prices.state, used.state, rules.limit.state, rules.floor.state),
  }
}

const largestPrice = (1n << 64n) - 1n

function nextPrice(price: bigint, used: number, limit: number, floor: bigint): bigint {
  const target = BigInt(limit) / 2n
  const divisor = target * 8n
  const moved = (price * (divisor + BigInt(used) - target)) / divisor
  const raised = BigInt(used) > target && moved === price && floor > 0n ? price + 1n : moved
  if (raised < floor) return floor
  return raised < largestPrice ? raised : largestPrice
}
