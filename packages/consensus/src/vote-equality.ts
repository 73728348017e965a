import { equalBytes } from '@banyan/base'
import type { Certificate, Vote } from './vote.js'

/** Whether two votes say the same. */
export function sameVote(a: Vote, b: Vote): boolean {
  if (a.kind === 'nullify' || b.kind === 'nullify') return a.kind === b.kind && a.view === b.view
  return a.kind === b.kind && a.view === b.view && equalBytes(a.blockId, b.blockId)
}

/** Whether two certificates are the same to the byte. */
export function sameCertificate(a: Certificate, b: Certificate): boolean {
  return (
    a.rule === b.rule &&
    sameVote(a.vote, b.vote) &&
    a.signers.length === b.signers.length &&
    a.signers.every((signer, i) => signer === b.signers[i]) &&
    equalBytes(a.signature, b.signature)
  )
}

/**
 * Whether no honest validator signs both (E1 to E3): two notarizations of different blocks, giving up and finalizing
 * one view, or finalizing a block beside another one of its view.
 */
export function votesConflict(a: Vote, b: Vote): boolean {
  if (a.view !== b.view) return false
  if (a.kind === 'nullify' || b.kind === 'nullify') return a.kind === 'finalize' || b.kind === 'finalize'
  return !equalBytes(a.blockId, b.blockId)
}
