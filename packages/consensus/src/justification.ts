import { equalBytes, type Hash } from '@banyan/base'
import { verifyCertificate } from './certificate.js'
import type { Committee } from './committee.js'
import type { BlockRef } from './core/events.js'
import type { Certificate, VotingScheme } from './vote.js'

/** Most views that a block may skip. The core slows down long before, so no honest proposer gets near it. */
export const maxSkippedViews = 480

/** What blocks of one epoch are judged by. */
export type EpochRules = {
  readonly committee: Committee
  readonly scheme: VotingScheme
  readonly leaderOf: (view: number) => number
  readonly start: { readonly id: Hash; readonly height: number }
}

/** Whether the places that a block names fit its justification; signatures are not looked at. */
function hasForm({ leaderOf, start }: EpochRules, block: BlockRef): boolean {
  const { view, parentView, parentId, proposer, justification } = block
  const { parent, skipped } = justification
  if (!Number.isSafeInteger(view) || parentView < 0 || parentView >= view) return false
  if (proposer !== leaderOf(view) || block.height <= start.height) return false
  if (skipped.length !== view - parentView - 1 || skipped.length > maxSkippedViews) return false
  if (skipped.some(({ vote }, i) => vote.kind !== 'nullify' || vote.view !== parentView + 1 + i)) return false
  if (parentView === 0) return parent === undefined && equalBytes(parentId, start.id)
  if (parent === undefined || parent.vote.kind === 'nullify') return false
  return parent.vote.view === parentView && equalBytes(parent.vote.blockId, parentId)
}

/**
 * Whether a block may follow its parent (rule S1): it is made by the leader of its view, its parent is certified or
 * the block that the epoch starts from, and every view between the two was given up. `isKnown` names certificates
 * that were verified before.
 */
export function verifyJustification(
  rules: EpochRules,
  block: BlockRef,
  isKnown: (certificate: Certificate) => boolean = () => false,
): boolean {
  if (!hasForm(rules, block)) return false
  const { parent, skipped } = block.justification
  const holds = (certificate: Certificate): boolean =>
    isKnown(certificate) || verifyCertificate(rules.committee, rules.scheme, certificate)
  return (parent === undefined || holds(parent)) && skipped.every(holds)
}
