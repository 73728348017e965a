import { asHash, fail, fromHex, type Hex, toHex } from '@banyan/base'
import { anchorOf, type Direction } from '../anchor/anchor.js'
import { isIncluded, type Leaf, proveLeaf, type SumProof } from '../anchor/sum-tree.js'
import { decodePublic } from '../charge/decode.js'
import type { Keccak } from '../charge/seal.js'
import { amountFor } from './amount.js'
import { rowBytes, type Statement, type StatementPart } from './statement.js'

/** One row with the proof that it is under an anchor: to show one charge without showing the others. */
export type Receipt = {
  readonly format: 'banyan-receipt/1'
  readonly region: string
  readonly account: Hex
  /** The part of the statement, without its rows. */
  readonly part: Omit<StatementPart, 'rows'>
  readonly row: Hex
  readonly proof: SumProof
}

function leafOf(row: Hex, account: Hex, direction: Direction, keccak256: Keccak): Leaf {
  const bytes = rowBytes(row)
  const columns = decodePublic(bytes)
  const { pip } = amountFor(columns, account, direction)
  return { id: fromHex(columns.id)!, rowHash: keccak256(bytes), amount: pip }
}

/** The receipt of a charge from a statement. Error: ProofMissing. */
export function makeReceipt(
  { region, account, parts }: Statement,
  { id, period, direction }: { readonly id: string; readonly period: string; readonly direction: Direction },
  keccak256: Keccak,
): Receipt {
  const found = parts.find((part) => part.period === period && part.direction === direction)
  const leaves = found?.rows.map((row) => leafOf(row, account, direction, keccak256)) ?? []
  const index = leaves.findIndex((leaf) => toHex(leaf.id) === id)
  if (found === undefined || index < 0) return fail('ProofMissing', { id, entity: account, period })
  const { rows, ...part } = found
  const proof = proveLeaf(keccak256, fromHex(account)!, leaves, index)
  return { format: 'banyan-receipt/1', region, account, part, row: rows[index]!, proof }
}

/** Checks that the row is under the anchor of its part. Error: StatementInvalid. */
export function verifyReceipt({ region, account, part, row, proof }: Receipt, keccak256: Keccak): void {
  const { direction, period, count, total, carried, anchor } = part
  const bytes = fromHex(account) ?? new Uint8Array(0)
  const root = { hash: hashOf(part.root), total }
  const leaf = leafOf(row, account, direction, keccak256)
  if (proof.count !== count || !isIncluded(keccak256, bytes, leaf, proof, root))
    fail('StatementInvalid', { reason: 'the proof leads to another root' })
  const parts = { region, account: bytes, direction, period, count, total, carried }
  const found = anchorOf(keccak256, { ...parts, root: root.hash, carriedAnchor: hashOf(part.carriedAnchor) })
  if (toHex(found) !== anchor) fail('StatementInvalid', { reason: 'the root has another anchor' })
}

function hashOf(text: Hex) {
  const bytes = fromHex(text)
  return bytes?.length === 32 ? asHash(bytes) : fail('StatementInvalid', { reason: 'a hash is malformed' })
}
