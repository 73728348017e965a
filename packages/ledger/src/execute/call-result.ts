import type { Address } from '@banyan/base'
import type { GeneralEntry } from '../block/describe.js'
import type { BlockContext, Log } from '../host/context.js'
import type { RowCounts } from '../state/room.js'
import type { WriteSet } from '../state/view.js'
import type { Package } from '../tx/package.js'
import type { GasVector, Prices } from './fees.js'

/** A transaction that calls contracts or moves FIG through the host: everything general but packages. */
export type CallEntry = Omit<GeneralEntry, 'transaction'> & {
  readonly transaction: Exclude<GeneralEntry['transaction'], Package>
}

/** What calls may know of their block, and what work costs in it. Plain data: it travels to worker threads. */
export type CallEnvironment = {
  readonly block: BlockContext
  readonly prices: Prices
}

/** A call transaction and whether it runs alone, which costs more. */
export type ScheduledCall = { readonly entry: CallEntry; readonly alone: boolean }

/** A transaction that must not be in the block; the registry number says why. */
export type SkippedCall = {
  readonly kind: 'skipped'
  readonly error: number
  /** Compute gas that was used before, and that nobody pays. */
  readonly unpaid: number
  readonly access: AccessSets
}

/** What the receipt of an included transaction says. */
export type CallRecord = {
  readonly success: boolean
  /** Registry number, 0 on success. */
  readonly error: number
  readonly work: GasVector
  /** In pip. */
  readonly baseFee: bigint
  readonly tip: bigint
  /** FIG balances afterwards; the payee's only where the transaction is one plain payment. */
  readonly payerBalance: bigint
  readonly payeeBalance: bigint
  readonly logs: readonly Log[]
}

/** The outcome of an included transaction, as plain data that can cross threads. */
export type IncludedCall = CallRecord & {
  readonly kind: 'included'
  readonly returnData: Uint8Array
  readonly writes: WriteSet
  /** Rows that the writes make. */
  readonly made: RowCounts
  readonly access: AccessSets
}

export type CallResult = SkippedCall | IncludedCall

/** Keys that execution really touched. */
export type AccessSets = { readonly read: ReadonlySet<string>; readonly written: ReadonlySet<string> }

/** One call of a transaction, whatever its type. */
export type PlainCall = { readonly to: Address; readonly value: bigint; readonly data: Uint8Array }

export function callsOf(entry: CallEntry): readonly PlainCall[] {
  const { transaction } = entry
  if (transaction.kind === 'native') return transaction.body.calls
  return [{ to: transaction.to, value: transaction.value, data: transaction.data }]
}

export type FeeTerms = {
  readonly gasLimit: number
  readonly maxFeePerGas: bigint
  readonly tipPerGas: bigint
  /** Account that pays the fee. */
  readonly payer: Address
}

/** Gas limits beyond this fit no block; as a number they stay exact. */
const largestGas = 2 ** 32 - 1

export function feeTermsOf(entry: CallEntry): FeeTerms {
  const { transaction, verified } = entry
  if (transaction.kind === 'ethereum') {
    return {
      gasLimit: clampGas(transaction.gasLimit),
      maxFeePerGas: transaction.maxFeePerGas,
      tipPerGas: transaction.maxPriorityFeePerGas,
      payer: verified.sender,
    }
  }
  const { body } = transaction
  const sponsored = body.sponsor.some((byte) => byte !== 0)
  return {
    gasLimit: clampGas(body.gasLimit),
    maxFeePerGas: body.maxFeePerGas,
    tipPerGas: body.tipPerGas,
    payer: sponsored ? body.sponsor : verified.sender,
  }
}

function clampGas(limit: bigint): number {
  return limit > BigInt(largestGas) ? largestGas : Number(limit)
}

export function skipped(error: number, unpaid: number, access: AccessSets): SkippedCall {
  return { kind: 'skipped', error, unpaid, access }
}
