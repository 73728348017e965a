import { type Address, asChainId, asHeight, errorCode } from '@banyan/base'
import type { CryptoProvider } from '@banyan/crypto'
import type { BlockContext, Log } from '../host/context.js'
import { windowBlocks } from '../state/id-window.js'
import { chainRow } from '../state/layout.js'
import { Marks } from '../state/marks.js'
import type { State } from '../state/state.js'
import { readUint, writeUint } from '../state/u128.js'
import { type FeeRules, type GasVector, gas, type Prices } from './fees.js'
import { ReceiptList, receiptField, receiptStatus } from './receipts.js'

/** What a block's execution may know about its block. */
export type BlockEnvironment = {
  readonly chainId: bigint
  readonly height: number
  /** Milliseconds, from the header. */
  readonly timestamp: bigint
  readonly proposer: Address
}

/**
 * The running totals of one block while its transactions are executed in order. Every transaction gets a receipt: it
 * succeeds, fails (and pays its fee), or is skipped because it should not be in the block (and leaves no trace).
 */
export class BlockExecution {
  readonly provider: CryptoProvider
  readonly state: State
  readonly environment: BlockEnvironment
  readonly rules: FeeRules
  readonly prices: Prices
  readonly marks: Marks
  readonly receipts: ReceiptList
  /** Logs by the index of their transaction in the block. */
  readonly logs = new Map<number, readonly Log[]>()
  /** Results of package items by the index of the package in the block: one chunk per item. */
  readonly itemResults = new Map<number, Uint8Array>()
  computeUsed = 0
  bytesUsed = 0
  stateUsed = 0
  /** Compute gas of policies that were asked for transactions which were then skipped. Nobody pays it. */
  unpaidCompute = 0
  baseFees = 0n
  tips = 0n

  /** `transactions` is the number of those that will get a receipt. */
  constructor(
    provider: CryptoProvider,
    state: State,
    environment: BlockEnvironment,
    rules: FeeRules,
    transactions: number,
  ) {
    this.provider = provider
    this.state = state
    this.environment = environment
    this.rules = rules
    this.receipts = new ReceiptList(transactions)
    this.prices = readPrices(state)
    this.marks = new Marks(state.recent.words, environment.height)
  }

  /** The block as contracts see it. */
  get callBlock(): BlockContext {
    const { chainId, height, timestamp, proposer } = this.environment
    return { chainId: asChainId(chainId), height: asHeight(BigInt(height)), timestamp, proposer }
  }

  /** Whether work of these dimensions still fits the block. */
  fits(compute: number, bytes: number, state: number): boolean {
    const { limit } = this.rules
    return (
      this.computeUsed + compute <= limit.compute &&
      this.bytesUsed + bytes <= limit.bytes &&
      this.stateUsed + state <= limit.state
    )
  }

  /** Whether policies may still be asked if this much more goes unpaid: a block bounds work that nobody pays. */
  asksPolicies(moreUnpaid = 0): boolean {
    return (this.unpaidCompute + moreUnpaid) * gas.unpaidShare <= this.rules.limit.compute
  }

  use(compute: number, bytes: number, state: number): void {
    this.computeUsed += compute
    this.bytesUsed += bytes
    this.stateUsed += state
  }

  /** Whether a mark and a validity allow inclusion now; the registry number of what is wrong, 0 if nothing is. */
  checkValidity(mark: Uint32Array, offset: number, validUntil: number): number {
    const markHeight = this.marks.heightOf(mark, offset)
    if (markHeight < 0) return codes.markUnknown
    if (validUntil < this.environment.height) return codes.expired
    if (validUntil > markHeight + windowBlocks) return codes.tooLong
    return 0
  }

  /** Gives a receipt its outcome. */
  settle(receipt: number, status: number, error: number, gasUsed: number): void {
    const { words } = this.receipts
    words[receipt + receiptField.status] = status | (error << 16)
    words[receipt + receiptField.gasUsed] = gasUsed
  }

  /** Marks a receipt as skipped: the transaction must not be in this block. */
  skip(receipt: number, error: number): void {
    this.settle(receipt, receiptStatus.skipped, error, 0)
  }

  get used(): GasVector {
    return { compute: this.computeUsed, bytes: this.bytesUsed, state: this.stateUsed }
  }
}

const codes = {
  markUnknown: errorCode('MarkUnknown'),
  expired: errorCode('TransactionExpired'),
  tooLong: errorCode('ValidityTooLong'),
} as const

/** Base fees that apply to the block after the newest one. */
export function readPrices(state: State): Prices {
  const { words } = state.chain
  return {
    compute: readUint(words, chainRow.prices, 2),
    bytes: readUint(words, chainRow.prices + 2, 2),
    state: readUint(words, chainRow.prices + 4, 2),
  }
}

export function writePrices(state: State, prices: Prices): void {
  state.chain.touch(0)
  writeUint(state.chain.words, chainRow.prices, 2, prices.compute)
  writeUint(state.chain.words, chainRow.prices + 2, 2, prices.bytes)
  writeUint(state.chain.words, chainRow.prices + 4, 2, prices.state)
}

/** Gas for the bytes of an envelope. */
export function byteGas(length: number): number {
  return length * gas.perByte
}
