import { type Address, fig, toHex } from '@banyan/base'
import { type Admission, type GeneralEntry, gas, pipPerNano } from '@banyan/ledger'

/** A transaction that waits in the mempool, or travels in a batch and may come back. */
export type Entry = {
  /** Hexadecimal id. */
  readonly key: string
  readonly sender: string
  readonly envelope: Uint8Array
  /** For everything but transfers: decoded and verified, so that a batch needs not do it again. */
  readonly general: GeneralEntry | undefined
  /** Of an Ethereum transaction. */
  readonly nonce: bigint | undefined
  /** Last height at which it may be included, as it says itself or as the mempool limits its wait. */
  readonly validUntil: number
  /** The most that it takes from accounts, in pip. */
  readonly costs: readonly Cost[]
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

/** FIG of an account, in pip. `account` is its address in hexadecimal. */
export type Cost = { readonly account: string; readonly address: Address; readonly amount: bigint }

/** Memory of an entry besides its envelope, in round numbers: maps, decoded fields, keys. */
const overheadBytes = 1024

/** The entry of an admitted transaction. `waitBlocks` bounds the wait of transactions that do not expire by themselves. */
export function entryOf(
  admission: Admission,
  envelope: Uint8Array,
  {
    height,
    arrival,
    waitBlocks,
  }: { readonly height: number; readonly arrival: number; readonly waitBlocks: number },
): Entry {
  const { transaction, verified, validUntil } = admission
  return {
    key: toHex(admission.id),
    sender: toHex(admission.sender),
    envelope,
    general: transaction.kind === 'transfer' ? undefined : { transaction, envelope, verified },
    nonce: transaction.kind === 'ethereum' ? transaction.nonce : undefined,
    validUntil: validUntil === undefined ? height + waitBlocks : Number(validUntil),
    costs: costsOf(admission),
    rate: rateOf(admission, envelope.length),
    size: envelope.length + overheadBytes,
    arrival,
    travelling: false,
    returns: 0,
  }
}

/** What a transaction can take from accounts in FIG. Other assets were looked at when it was admitted. */
function costsOf({ transaction, sender, payer, largestFee }: Admission): readonly Cost[] {
  const account = toHex(sender)
  const fee = { account: payer === sender ? account : toHex(payer), address: payer, amount: largestFee }
  const cost = (amount: bigint): Cost => ({ account, address: sender, amount })
  switch (transaction.kind) {
    case 'transfer':
      return transaction.asset === fig ? [cost(largestFee + transaction.amount)] : [fee]
    case 'package':
      return [fee]
    case 'ethereum':
      return [cost(largestFee + transaction.value)]
    case 'native':
      return [fee, cost(transaction.body.calls.reduce((sum, { value }) => sum + value, 0n))]
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
