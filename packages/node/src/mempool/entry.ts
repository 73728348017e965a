import { fig } from '@banyan/base'
import { type Admission, type GeneralEntry, gas, pipPerNano, transferLength } from '@banyan/ledger'
import type { SenderQueue } from './sender-queue.js'
import type { FlatTransfers } from './transfer-store.js'

/** A transaction that waits in the mempool, or travels in a batch and may come back. */
export type Entry = {
  /** As of `idKey`. */
  readonly key: string
  readonly sender: SenderQueue
  /** Of a transfer: its place in the store of transfers. */
  place: number
  /** Of everything else: decoded and verified, so that a batch needs not do it again. */
  readonly general: GeneralEntry | undefined
  /** Of an Ethereum transaction. */
  readonly nonce: bigint | undefined
  /** Last height at which it may be included, as it says itself or as the mempool limits its wait. */
  readonly validUntil: number
  /** The most FIG that it takes from its sender, in pip. Other assets were looked at when it was admitted. */
  readonly cost: bigint
  /** Who pays its fee instead of its sender, and the most that this is, in pip. */
  readonly sponsor: SenderQueue | undefined
  readonly sponsored: bigint
  /** Tip in pip for a unit of gas: who pays more goes first where there is not room for all. */
  readonly rate: bigint
  /** Bytes it counts with. */
  readonly size: number
  /** Order of arrival. */
  readonly arrival: number
  travelling: boolean
  /** How often it came back from a batch. */
  returns: number
}

/** Memory of an entry besides its envelope, in round numbers: maps, decoded fields, keys. */
const overheadBytes = 1024
/** Place of what is not in the store of transfers. */
const noPlace = -1

export type Arrival = {
  readonly height: number
  readonly arrival: number
  /** Bounds the wait of transactions that do not expire by themselves. */
  readonly waitBlocks: number
}

/** The entry of an admitted transaction. `sponsor` is the account that pays its fee, if not its sender. */
export function entryOf(
  admission: Admission,
  envelope: Uint8Array,
  key: string,
  accounts: { readonly sender: SenderQueue; readonly sponsor: SenderQueue | undefined },
  { height, arrival, waitBlocks }: Arrival,
): Entry {
  const { transaction, verified, validUntil, largestFee } = admission
  const { sender, sponsor } = accounts
  const value = paidBy(transaction)
  return {
    key,
    sender,
    place: noPlace,
    general: transaction.kind === 'transfer' ? undefined : { transaction, envelope, verified },
    nonce: transaction.kind === 'ethereum' ? transaction.nonce : undefined,
    validUntil: validUntil === undefined ? height + waitBlocks : Number(validUntil),
    cost: sponsor === undefined ? largestFee + value : value,
    sponsor,
    sponsored: sponsor === undefined ? 0n : largestFee,
    rate: rateOf(admission, envelope.length),
    size: envelope.length + overheadBytes,
    arrival,
    travelling: false,
    returns: 0,
  }
}

/** Fields of a record, in words and in units of eight bytes (docs/formats.md "Transfer"). */
const words = { record: 48, asset: 21, maxFee: 28, tip: 29, validUntil: 30 } as const
const wides = { record: 24, amount: 12 } as const

/** The entry of the i-th transfer of a batch. */
export function transferEntry(
  { records, wideRecords }: FlatTransfers,
  i: number,
  key: string,
  sender: SenderQueue,
  arrival: number,
): Entry {
  const at = i * words.record
  const fee = BigInt(records[at + words.maxFee]!) * pipPerNano
  const tip = records[at + words.tip]!
  return {
    key,
    sender,
    place: noPlace,
    general: undefined,
    nonce: undefined,
    validUntil: records[at + words.validUntil]! + records[at + words.validUntil + 1]! * 2 ** 32,
    cost: records[at + words.asset] === fig ? fee + amountOf(wideRecords, i) : fee,
    sponsor: undefined,
    sponsored: 0n,
    rate: tip === 0 ? 0n : flatRate(tip, gas.transfer, transferLength),
    size: transferLength + overheadBytes,
    arrival,
    travelling: false,
    returns: 0,
  }
}

/** Bytes of its envelope. */
export function lengthOf({ size }: Entry): number {
  return size - overheadBytes
}

function amountOf(wideRecords: BigUint64Array, i: number): bigint {
  const at = i * wides.record + wides.amount
  const high = wideRecords[at + 1]!
  return high === 0n ? wideRecords[at]! : wideRecords[at]! + (high << 64n)
}

/** FIG that a transaction takes from its sender besides the fee, in pip. */
function paidBy(transaction: Admission['transaction']): bigint {
  switch (transaction.kind) {
    case 'transfer':
      return transaction.asset === fig ? transaction.amount : 0n
    case 'package':
      return 0n
    case 'ethereum':
      return transaction.value
    case 'native':
      return transaction.body.calls.reduce((sum, { value }) => sum + value, 0n)
  }
}

function rateOf({ transaction }: Admission, bytes: number): bigint {
  switch (transaction.kind) {
    case 'transfer':
      return flatRate(transaction.tip, gas.transfer, bytes)
    case 'package':
      return flatRate(transaction.tip, gas.package, bytes)
    case 'ethereum':
      return transaction.maxPriorityFeePerGas
    case 'native':
      return transaction.body.tipPerGas
  }
}

function flatRate(tip: number, compute: number, bytes: number): bigint {
  return (BigInt(tip) * pipPerNano) / BigInt(compute + bytes * gas.perByte)
}
