import { concatBytes, equalBytes, fail, type Hash } from '@banyan/base'
import {
  type ExpiringTransaction,
  type ExpiryProof,
  type InclusionProof,
  inclusionHeights,
  placeInSorted,
  proveGap,
  proveListElement,
} from '@banyan/crypto'
import { blockId, type Header } from '../block/header.js'
import type { Chain } from '../chain.js'
import { windowBlocks } from '../state/id-window.js'
import { sortIds } from '../state/sort-ids.js'
import { proveHeaderField } from './block.js'
import { proveRecent } from './rows.js'

/** Ids of a recent block in ascending order, 32 bytes each. */
function sortedIds(chain: Chain, height: number): Uint8Array {
  return new Uint8Array(sortIds(chain.state.window.idsOf(height)).buffer)
}

/**
 * Shows that one of the last 64 blocks includes a transaction: verify with `verifyIncluded`. `undefined` if none does.
 */
export function proveIncluded(chain: Chain, id: Hash): InclusionProof | undefined {
  const newest = chain.head.header.height
  for (let height = newest; height >= 0 && height > newest - windowBlocks; height--) {
    const ids = sortedIds(chain, height)
    const index = placeInSorted(ids, id)
    const recent = index < 0 ? undefined : proveRecent(chain, height)
    if (recent !== undefined) return { recent, ids: proveListElement(chain.provider, ids, index) }
  }
  return undefined
}

/**
 * Shows that a transaction can never be included any more: verify with `verifyExpired`. `markHeader` is the header of
 * the block that it names. `undefined` if it was included, can still be, or could have been in a block that is no longer
 * recent. Error: MarkUnknown if the header is not that of the mark.
 */
export function proveExpired(
  chain: Chain,
  transaction: ExpiringTransaction,
  markHeader: Header,
): ExpiryProof | undefined {
  if (!equalBytes(blockId(markHeader), transaction.mark)) fail('MarkUnknown', { window: windowBlocks })
  const { provider, state } = chain
  const newest = chain.head.header.height
  const markHeight = BigInt(markHeader.height)
  const { first, last } = inclusionHeights(markHeight, transaction.validUntil)
  const isRecent = last < first || (last <= BigInt(newest) && Number(first) > newest - windowBlocks)
  if (!isRecent) return undefined
  const gaps = []
  for (let height = Number(first); height <= Number(last); height++) {
    const ids = sortedIds(chain, height)
    if (placeInSorted(ids, transaction.id) >= 0) return undefined
    gaps.push(proveGap(provider, ids, transaction.id))
  }
  return {
    markHeight,
    markBranch: proveHeaderField(provider, markHeader, 'height').branch,
    rows: Uint8Array.from(state.recent.bytes.subarray(0, windowBlocks * state.recent.rowBytes)),
    tableBranch: concatBytes(...state.branch('recent', 0).table),
    gaps,
  }
}
