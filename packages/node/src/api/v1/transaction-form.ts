import { type Hash, toHex } from '@banyan/base'
import { errorBody, publicError } from '@banyan/http-api/server'
import type { Transaction } from '@banyan/ledger'
import { z } from 'zod'
import type { IncludedTransaction } from '../history.js'
import { recipientOf, typeOf } from '../json-rpc/shapes/transaction.js'
import type { NodeApi } from '../port.js'
import * as F from './forms.js'

const place = z.object({ height: F.height, blockId: F.hash, index: F.count.nullable() })

export const receiptForm = z.object({
  id: F.hash,
  status: z.enum(['success', 'failed']),
  error: z.string().nullable().meta({ description: 'Name of the error in docs/errors.md' }),
  gasUsed: F.count,
  baseFee: F.amount,
  tip: F.amount,
  payerBalance: F.amount,
  payeeBalance: F.amount,
  logsRoot: F.hash,
  logs: z.array(z.object({ address: F.address, topics: z.array(F.hash), data: F.bytes })),
})

/** Where a transaction is on its way. `final` and `failed` are for ever and come with a certificate. */
export const transactionForm = z.object({
  id: F.hash,
  state: z.enum(['pending', 'included', 'final', 'failed', 'expired']),
  type: F.count.meta({ description: 'First byte of the envelope; 0 for legacy Ethereum transactions' }),
  from: F.address,
  to: F.address.nullable(),
  block: place.nullable(),
  receipt: receiptForm.omit({ logs: true }).nullable(),
  certificate: F.certificateForm.nullable(),
  error: F.errorForm.shape.error.nullable().meta({ description: 'Why it can never be included' }),
})

type TransactionJson = z.output<typeof transactionForm>

export function receiptJson({ receipt, logs }: IncludedTransaction): z.output<typeof receiptForm> {
  return {
    ...outcomeJson(receipt),
    logs: logs.map(({ address, topics, data }) => ({
      address: toHex(address),
      topics: topics.map(toHex),
      data: F.hex(data),
    })),
  }
}

function outcomeJson(receipt: IncludedTransaction['receipt']): NonNullable<TransactionJson['receipt']> {
  const { id, status, error, gasUsed, baseFee, tip, payerBalance, payeeBalance, logsRoot } = receipt
  return {
    id: toHex(id),
    status: status === 'success' ? 'success' : 'failed',
    error: error ?? null,
    gasUsed,
    baseFee: String(baseFee),
    tip: String(tip),
    payerBalance: String(payerBalance),
    payeeBalance: String(payeeBalance),
    logsRoot: toHex(logsRoot),
  }
}

function describe(id: Hash, transaction: Transaction, sender: Uint8Array) {
  const to = recipientOf(transaction)
  return { id: toHex(id), type: typeOf(transaction), from: toHex(sender), to: to && toHex(to) }
}

const nowhere = { block: null, receipt: null, certificate: null, error: null }

/** A transaction of a final block, with the certificate of that. */
export async function finalJson(node: NodeApi, included: IncludedTransaction): Promise<TransactionJson> {
  const { transaction, sender, receipt, height, blockId, index } = included
  const certificate = await node.certificate(height)
  return {
    ...describe(receipt.id, transaction, sender),
    state: receipt.status === 'success' ? 'final' : 'failed',
    block: { height, blockId: toHex(blockId), index },
    receipt: outcomeJson(receipt),
    certificate: certificate
      ? {
          height: certificate.height,
          blockId: toHex(certificate.blockId),
          certificate: F.hex(certificate.bytes),
        }
      : null,
    error: null,
  }
}

/** A transaction that is in no final block. */
export function waitingJson(
  id: Hash,
  transaction: Transaction,
  { sender, state }: Pick<NonNullable<ReturnType<NodeApi['waiting']>>, 'sender' | 'state'>,
): TransactionJson {
  const common = { ...describe(id, transaction, sender), ...nowhere }
  switch (state.kind) {
    case 'pending':
      return { ...common, state: 'pending' }
    case 'included': {
      const { height, blockId } = state
      return { ...common, state: 'included', block: { height, blockId: toHex(blockId), index: null } }
    }
    case 'dropped': {
      const isExpired = state.error.kind === 'TransactionExpired'
      return {
        ...common,
        state: isExpired ? 'expired' : 'failed',
        error: errorBody(publicError(state.error)).error,
      }
    }
  }
}
