import type { Hash } from '@banyan/base'
import {
  branchOf,
  type CryptoProvider,
  type HeaderField,
  headerDepth,
  headerFields,
  type ListProof,
  logRoot,
  proveListElement,
  receiptLayout,
  type TransactionProof,
} from '@banyan/crypto'
import { kindNumber } from '../block/batch.js'
import { batchLeaves } from '../block/batch-leaves.js'
import type { DescribedBatch } from '../block/describe.js'
import { type Header, summarize, summaryChunks } from '../block/header.js'
import { receiptRoots } from '../execute/receipts.js'
import type { Log } from '../host/context.js'

/**
 * Proofs of the parts of one block, which reach its id in two steps: the part under a root in the header, the root
 * under the block id. They verify with @banyan/crypto alone.
 */

/** Root of a header field, and its branch under the block id: verify with `verifyHeaderField`. 32 + 160 bytes. */
export type HeaderFieldProof = {
  readonly field: HeaderField
  readonly chunk: Uint8Array
  readonly branch: Uint8Array
}

export function proveHeaderField(
  provider: CryptoProvider,
  header: Header,
  field: HeaderField,
): HeaderFieldProof {
  const chunks = summaryChunks(summarize(header))
  const index = headerFields.indexOf(field)
  return {
    field,
    chunk: chunks.slice(32 * index, 32 * index + 32),
    branch: branchOf(provider, chunks, index, headerDepth),
  }
}

/**
 * Shows that a transaction stands in the payload of a block: verify with `verifyTransactionProof`. In a batch of 4,096,
 * one of 16, the branches have 384 and 128 bytes; the seal has 32. `undefined` if no batch holds the transaction.
 */
export function proveTransaction(
  provider: CryptoProvider,
  batches: readonly DescribedBatch[],
  id: Hash,
): TransactionProof | undefined {
  const found = findTransaction(batches, id)
  if (found === undefined) return undefined
  const { place, index } = found
  const described = batches[place]!
  const { seals, leaves } = batchLeaves(provider, described)
  const digests = new Uint8Array(batches.length * 32)
  for (const [i, { digest }] of batches.entries()) digests.set(digest, i * 32)
  return {
    seal: seals.slice(index * 32, index * 32 + 32),
    kind: kindNumber(described.batch.kind),
    batch: proveListElement(provider, leaves, index),
    payload: proveListElement(provider, digests, place),
  }
}

/** Where a transaction stands first: its batch, and its index there. */
function findTransaction(
  batches: readonly DescribedBatch[],
  id: Hash,
): { readonly place: number; readonly index: number } | undefined {
  const words = new Uint32Array(id.slice().buffer)
  for (const [place, { ids }] of batches.entries()) {
    for (let index = 0; index * 8 < ids.length; index++) {
      if (words.every((word, k) => ids[index * 8 + k] === word)) return { place, index }
    }
  }
  return undefined
}

/** Shows the receipt at `index` of a block's receipts: verify with `verifyReceipt`. Up to 22 × 32 bytes, and the receipt. */
export function proveReceipt(
  provider: CryptoProvider,
  receipts: Uint8Array,
  index: number,
): { readonly receipt: Uint8Array; readonly proof: ListProof } {
  const { bytes } = receiptLayout
  return {
    receipt: receipts.slice(index * bytes, (index + 1) * bytes),
    proof: proveListElement(provider, receiptRoots(provider, receipts), index),
  }
}

/** Shows one log under the logs root of its receipt: verify with `verifyLog`. Up to 10 × 32 bytes. */
export function proveLog(provider: CryptoProvider, logs: readonly Log[], index: number): ListProof {
  const roots = new Uint8Array(logs.length * 32)
  for (const [i, log] of logs.entries()) roots.set(logRoot(provider, log), i * 32)
  return proveListElement(provider, roots, index)
}

/**
 * Shows the result of one package item under the root in the package's receipt: verify with `verifyItemResult`. Up to
 * 16 × 32 bytes. `results` are those of the executed block, 32 bytes each.
 */
export function proveItemResult(provider: CryptoProvider, results: Uint8Array, index: number): ListProof {
  return proveListElement(provider, results, index)
}
