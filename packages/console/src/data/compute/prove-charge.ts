import { fail, fromHex, type Hex } from '@banyan/base'
import {
  decodePublic,
  decodeStatement,
  encodeStatement,
  type PublicColumns,
  type Receipt,
  verifyReceipt,
} from '@banyan/billing'
import { portable } from '@banyan/crypto'
import type { Transfer } from '@banyan/region/api'
import { type BlockProof, proveBlock } from '@banyan/sdk/verify'
import { client } from '../client.js'
import { withVerifier } from '../prove-block.js'
import { requireAnchor } from './require-anchor.js'

/** What a receipt was found to prove. */
export type ChargeProof = {
  readonly account: Hex
  readonly period: string
  readonly direction: 'in' | 'out'
  /** The row itself: everything in it is under the anchor. */
  readonly columns: PublicColumns
  /** Charges of this account in the period. */
  readonly count: number
  /** Their sum, pip. */
  readonly total: bigint
  readonly anchor: Hex
  /** Hashes between the row and the root. */
  readonly steps: number
  /** Of the transaction with the anchor, once there is one. */
  readonly onChain: { readonly transfer: Transfer; readonly block: BlockProof } | undefined
}

/**
 * Checks in this browser that a charge is part of a total, that the anchor commits to this total, and that a final block holds the
 * transaction with the anchor. Errors: StatementInvalid, those of the light client.
 */
export async function proveCharge(id: string, told: Receipt): Promise<ChargeProof> {
  // Nothing of its form is believed either.
  const receipt = decodeStatement(encodeStatement(told))
  if (receipt.format !== 'banyan-receipt/1') return fail('StatementInvalid', { reason: 'it is no receipt' })
  verifyReceipt(receipt, portable.keccak256)
  const { account, part, row, proof } = receipt
  const columns = decodePublic(fromHex(row) ?? new Uint8Array(0))
  if (columns.id !== id) fail('StatementInvalid', { reason: `it is about the charge ${columns.id}` })
  const { period, direction, count, total, anchor, transfer } = part
  const found = { account, period, direction, columns, count, total, anchor, steps: proof.beside.length }
  if (transfer === undefined) return { ...found, onChain: undefined }
  await requireAnchor(transfer, anchor)
  const block = await withVerifier((verify) => proveBlock(client, { verify, height: transfer.height }))
  return { ...found, onChain: { transfer, block } }
}
