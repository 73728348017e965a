import type { Certificate } from '@banyan/consensus'
import { type Blocks, blockNumber } from '../core/blocks.js'
import type { Jury } from './quorum.js'

/** What may be said of a block from its header and the certificates that it embeds. */
export type Lineage = {
  /** What is wrong with a block's own justification (E4), if anything. */
  readonly fault: (number: number) => string | undefined
  readonly parentOf: (number: number) => number
  readonly heightOf: (number: number) => number
}

/** Reads blocks by the rules of the protocol, apart from the code under test. */
export function createLineage(blocks: Blocks, jury: Jury, leaderOf: (view: number) => number): Lineage {
  const verdicts = new Map<number, string | undefined>()

  function givesUp(certificate: Certificate | undefined, view: number): boolean {
    return certificate?.vote.kind === 'nullify' && certificate.vote.view === view && jury.holds(certificate)
  }

  function judge(number: number): string | undefined {
    const block = blocks.at(number)?.ref
    if (block === undefined) return 'nobody made it'
    if (block.proposer !== leaderOf(block.view))
      return `its proposer ${block.proposer} does not lead its view`
    const parent = blockNumber(block.parentId)
    const { parent: certificate, skipped } = block.justification
    if (parent === 0) {
      if (block.parentView !== 0) return 'it follows the start of the epoch under another view'
    } else {
      const made = blocks.find(block.parentId)?.ref
      if (made === undefined || made.view !== block.parentView) return 'its parent is of another view'
      if (made.view >= block.view) return 'it is older than its parent'
      const vote = certificate?.vote
      if (certificate === undefined || vote === undefined || vote.kind === 'nullify')
        return 'its parent has no certificate'
      if (blockNumber(vote.blockId) !== parent || vote.view !== made.view || !jury.holds(certificate))
        return 'the certificate of its parent does not hold'
    }
    if (skipped.length !== block.view - block.parentView - 1) return 'it skips views without certificates'
    for (let i = 0; i < skipped.length; i++) {
      if (!givesUp(skipped[i], block.parentView + 1 + i))
        return `it skips view ${block.parentView + 1 + i} without right`
    }
    return undefined
  }

  return {
    fault(number) {
      if (!verdicts.has(number)) verdicts.set(number, judge(number))
      return verdicts.get(number)
    },
    parentOf: (number) => blockNumber(blocks.at(number)?.ref.parentId ?? blocks.start.id),
    heightOf: (number) => blocks.at(number)?.ref.height ?? blocks.start.height,
  }
}
