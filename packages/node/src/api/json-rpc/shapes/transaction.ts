import { type Address, type Hash, type Hex, toHex } from '@banyan/base'
import { assetAddress } from '@banyan/contracts'
import {
  type EthereumTransaction,
  type Native,
  nativeType,
  type Package,
  packageItemLength,
  packageType,
  pipPerNano,
  type Transaction,
  type Transfer,
  transferType,
} from '@banyan/ledger'
import type { IncludedTransaction } from '../../history.js'
import { data, quantity } from '../quantities.js'

/** A transaction as Ethereum's JSON-RPC shows it. Our own types have the fields that Ethereum libraries insist on. */
export type TransactionShape = Readonly<Record<string, unknown>>

/** The address that a transaction goes to, `null` where it goes to many. */
export function recipientOf(transaction: Transaction): Address | null {
  switch (transaction.kind) {
    case 'ethereum':
      return transaction.to
    case 'transfer':
      return transaction.asset === 0 ? transaction.payee : assetAddress(transaction.asset)
    case 'package':
      return assetAddress(transaction.asset)
    case 'native':
      return transaction.body.calls.length === 1 ? transaction.body.calls[0]!.to : null
  }
}

/** Number of the type: the first byte of the envelope, 0 for legacy transactions. */
export function typeOf(transaction: Transaction): number {
  switch (transaction.kind) {
    case 'ethereum':
      return transaction.type
    case 'transfer':
      return transferType
    case 'package':
      return packageType
    case 'native':
      return nativeType
  }
}

/** Price per gas that a transaction really paid, in pip: exact for calls, rounded up for flat fees. */
export function effectiveGasPrice({ receipt }: Pick<IncludedTransaction, 'receipt'>): bigint {
  const gas = BigInt(receipt.gasUsed)
  return gas === 0n ? 0n : (receipt.baseFee + receipt.tip + gas - 1n) / gas
}

/** A transaction of a final block. */
export function includedShape(chainId: bigint, included: IncludedTransaction): TransactionShape {
  const { transaction, sender, receipt, height, blockId, index } = included
  const place = {
    blockHash: data(blockId),
    blockNumber: quantity(height),
    transactionIndex: quantity(index),
  }
  const paid = { gasPrice: effectiveGasPrice(included), gasUsed: receipt.gasUsed }
  return { ...shapeOf(chainId, transaction, sender, receipt.id, paid), ...place }
}

/** A transaction that is in no final block. */
export function waitingShape(
  chainId: bigint,
  transaction: Transaction,
  sender: Address,
  id: Hash,
): TransactionShape {
  const shape = shapeOf(chainId, transaction, sender, id, undefined)
  return { ...shape, blockHash: null, blockNumber: null, transactionIndex: null }
}

type Paid = { readonly gasPrice: bigint; readonly gasUsed: number }

function shapeOf(
  chainId: bigint,
  transaction: Transaction,
  sender: Address,
  id: Hash,
  paid: Paid | undefined,
): TransactionShape {
  const to = recipientOf(transaction)
  const common = {
    hash: data(id),
    type: quantity(typeOf(transaction)),
    chainId: quantity(chainId),
    from: data(sender),
    to: to && data(to),
  }
  switch (transaction.kind) {
    case 'ethereum':
      return { ...common, ...ethereumFields(transaction, paid) }
    case 'transfer':
      return { ...common, ...unsigned, ...transferFields(transaction), ...flatFee(transaction, paid) }
    case 'package':
      return { ...common, ...unsigned, ...packageFields(transaction), ...flatFee(transaction, paid) }
    case 'native':
      return { ...common, ...unsigned, ...nativeFields(transaction, paid) }
  }
}

function ethereumFields(tx: EthereumTransaction, paid: Paid | undefined): TransactionShape {
  const { nonce, value, gasLimit, maxFeePerGas, maxPriorityFeePerGas, accessList, recovery } = tx
  const common = {
    nonce: quantity(nonce),
    value: quantity(value),
    gas: quantity(gasLimit),
    input: data(tx.data),
    gasPrice: quantity(paid?.gasPrice ?? maxFeePerGas),
    r: scalar(tx.r),
    s: scalar(tx.s),
  }
  if (tx.type === 0) return { ...common, v: quantity(35n + 2n * tx.chainId + BigInt(recovery)) }
  const listed = accessList.map(({ address, storageKeys }) => ({
    address: toHex(address),
    storageKeys: storageKeys.map(toHex),
  }))
  const parity = { v: quantity(recovery), yParity: quantity(recovery), accessList: listed }
  if (tx.type === 1) return { ...common, ...parity }
  const fees = { maxFeePerGas: quantity(maxFeePerGas), maxPriorityFeePerGas: quantity(maxPriorityFeePerGas) }
  return { ...common, ...parity, ...fees }
}

/** Ethereum libraries want a signature of secp256k1 and a small nonce; these stand for those that we have instead. */
const unsigned = { nonce: '0x0', r: '0x0', s: '0x0', v: '0x0', yParity: '0x0' }

function transferFields(tx: Transfer): TransactionShape {
  const { asset, amount, payee, nonce, mark, validUntil } = tx
  return {
    value: quantity(asset === 0 ? amount : 0n),
    input: asset === 0 ? '0x' : erc20Transfer(payee, amount),
    banyan: {
      kind: 'transfer',
      asset,
      amount: quantity(amount),
      payee: data(payee),
      nonce: quantity(nonce),
      mark: data(mark),
      validUntil: quantity(validUntil),
    },
  }
}

/** Call data of ERC-20's `transfer` with the same meaning. */
function erc20Transfer(to: Address, amount: bigint): string {
  return `0xa9059cbb${toHex(to).slice(2).padStart(64, '0')}${amount.toString(16).padStart(64, '0')}`
}

function packageFields(tx: Package): TransactionShape {
  const { asset, nonce, mark, validUntil, mode } = tx
  return {
    value: '0x0',
    input: '0x',
    banyan: {
      kind: 'package',
      asset,
      mode,
      items: tx.items.length / packageItemLength,
      nonce: quantity(nonce),
      mark: data(mark),
      validUntil: quantity(validUntil),
    },
  }
}

function nativeFields({ body }: Native, paid: Paid | undefined): TransactionShape {
  const [first] = body.calls
  const only = body.calls.length === 1 ? first : undefined
  const value = body.calls.reduce((sum, call) => sum + call.value, 0n)
  return {
    value: quantity(value),
    input: only === undefined ? '0x' : data(only.data),
    gas: quantity(body.gasLimit),
    gasPrice: quantity(paid?.gasPrice ?? body.maxFeePerGas),
    maxFeePerGas: quantity(body.maxFeePerGas),
    maxPriorityFeePerGas: quantity(body.tipPerGas),
    banyan: {
      kind: 'native',
      calls: body.calls.map((call) => ({
        to: data(call.to),
        value: quantity(call.value),
        data: data(call.data),
      })),
      sponsor: body.sponsor.some((byte) => byte !== 0) ? data(body.sponsor) : null,
      nonce: quantity(body.nonce),
      mark: data(body.mark),
      validUntil: quantity(body.validUntil),
    },
  }
}

/** A flat fee has neither a gas limit nor a price; what was used and paid is known afterwards. */
function flatFee(tx: Transfer | Package, paid: Paid | undefined): TransactionShape {
  return {
    gas: quantity(paid?.gasUsed ?? 0),
    gasPrice: quantity(paid?.gasPrice ?? 0n),
    maxFee: quantity(BigInt(tx.maxFee) * pipPerNano),
    tip: quantity(BigInt(tx.tip) * pipPerNano),
  }
}

function scalar(bytes: Uint8Array): Hex {
  return quantity(BigInt(toHex(bytes)))
}
