import type { Hex } from '@banyan/base'
import type { CryptoProvider } from '@banyan/crypto'
import type { Receipt } from '@banyan/ledger'
import type { IncludedTransaction } from '../../history.js'
import { data, quantity } from '../quantities.js'
import { logsBloom } from './bloom.js'
import { logShapes } from './log.js'
import { effectiveGasPrice, recipientOf, typeOf } from './transaction.js'

/** A receipt as Ethereum's JSON-RPC shows it, with what only ours have under `banyan`. */
export type ReceiptShape = Readonly<Record<string, unknown>>

export function receiptShape(provider: CryptoProvider, included: IncludedTransaction): ReceiptShape {
  const { transaction, sender, receipt, height, blockId, index, gasBefore, logs } = included
  const to = recipientOf(transaction)
  return {
    transactionHash: data(receipt.id),
    transactionIndex: quantity(index),
    blockHash: data(blockId),
    blockNumber: quantity(height),
    from: data(sender),
    to: to && data(to),
    type: quantity(typeOf(transaction)),
    status: receipt.status === 'success' ? '0x1' : '0x0',
    gasUsed: quantity(receipt.gasUsed),
    cumulativeGasUsed: quantity(gasBefore + receipt.gasUsed),
    effectiveGasPrice: quantity(effectiveGasPrice(included)),
    contractAddress: null,
    logs: logShapes(included),
    logsBloom: logsBloom(provider, logs),
    banyan: outcomeShape(receipt),
  }
}

/** What a receipt says beyond Ethereum's: amounts in base units, fees in pip. */
function outcomeShape(receipt: Receipt): Readonly<Record<string, Hex | string | null>> {
  return {
    error: receipt.error ?? null,
    payerBalance: quantity(receipt.payerBalance),
    payeeBalance: quantity(receipt.payeeBalance),
    baseFee: quantity(receipt.baseFee),
    tip: quantity(receipt.tip),
    logsRoot: data(receipt.logsRoot),
  }
}
