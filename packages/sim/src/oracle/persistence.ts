import type { Hash } from '@banyan/base'
import type { BlockRef, Certificate, ConsensusMessage, SignerRecord, Vote } from '@banyan/consensus'
import { blockNumber } from '../core/blocks.js'

/**
 * Watches one signer: its vote leaves only when the record of it is durable (P1), alone or inside a certificate, and
 * nothing new is signed for a view up to the floor (P2). It votes only for blocks
 * that it has stored, and to finalize only what it keeps the notarization of.
 */
export type PersistenceOracle = {
  readonly persisted: (record: SignerRecord) => string | undefined
  readonly stored: (blockId: Hash) => void
  readonly kept: (certificate: Certificate) => void
  readonly sent: (message: ConsensusMessage) => string | undefined
  readonly restarted: (floor: number) => void
}

export function createPersistenceOracle(signer: number): PersistenceOracle {
  const durable = new Map<number, SignerRecord>()
  const stored = new Set<number>()
  const notarizedViews = new Set<number>()
  const known = new WeakSet<Certificate>()
  let floor = 0

  function isDurable(vote: Vote): boolean {
    const record = durable.get(vote.view)
    if (record === undefined) return false
    if (vote.kind === 'nullify') return record.nullified
    const id = vote.kind === 'notarize' ? record.notarized : record.finalized
    return id !== undefined && blockNumber(id) === blockNumber(vote.blockId)
  }

  function left(vote: Vote): string | undefined {
    if (vote.kind !== 'nullify' && !stored.has(blockNumber(vote.blockId)))
      return `${signer} voted to ${vote.kind} a block of view ${vote.view} that it had not stored`
    if (vote.kind === 'finalize' && !notarizedViews.has(vote.view))
      return `${signer} voted to finalize in view ${vote.view} without keeping the notarization`
    if (isDurable(vote)) return undefined
    return `${signer} let its vote to ${vote.kind} in view ${vote.view} out before it was durable`
  }

  function certificateLeft(certificate: Certificate | undefined): string | undefined {
    if (certificate === undefined || known.has(certificate)) return undefined
    known.add(certificate)
    return certificate.signers.includes(signer) ? left(certificate.vote) : undefined
  }

  function blockLeft({ justification }: BlockRef): string | undefined {
    for (const certificate of [justification.parent, ...justification.skipped]) {
      const problem = certificateLeft(certificate)
      if (problem !== undefined) return problem
    }
    return undefined
  }

  return {
    persisted(record) {
      const before = durable.get(record.view)
      durable.set(record.view, record)
      if (record.view <= floor)
        return `${signer} signed for view ${record.view}, not above its floor ${floor}`
      const lost =
        (before?.notarized !== undefined && record.notarized === undefined) ||
        (before?.finalized !== undefined && record.finalized === undefined) ||
        (before?.nullified === true && !record.nullified)
      return lost ? `${signer} forgot a vote of view ${record.view} in its record` : undefined
    },
    sent(message) {
      if (message.kind === 'vote' && message.vote.signer === signer) return left(message.vote.vote)
      if (message.kind === 'certificate') return certificateLeft(message.certificate)
      if (message.kind !== 'proposal') return undefined
      const problem = message.vote.signer === signer ? left(message.vote.vote) : undefined
      return problem ?? blockLeft(message.block)
    },
    stored: (blockId) => {
      stored.add(blockNumber(blockId))
    },
    kept: ({ vote }) => {
      notarizedViews.add(vote.view)
    },
    restarted(next) {
      floor = Math.max(floor, next)
    },
  }
}
