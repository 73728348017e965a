import type { Hash } from '@banyan/base'
import type { Certificate } from '@banyan/consensus'
import { type Blocks, blockNumber } from '../core/blocks.js'
import type { Lineage } from './lineage.js'
import type { Jury } from './quorum.js'

/** Watches what nodes call final. A sentence that begins with `fork:` tells of two blocks for one height. */
export type FinalityOracle = {
  /** What is wrong with this block being final at this participant, if anything. */
  readonly final: (participant: number, blockId: Hash, certificate: Certificate) => string | undefined
  /** Views that the blocks called final at honest nodes were of, for liveness. */
  readonly finalViews: ReadonlySet<number>
  readonly restarted: (participant: number) => void
}

/**
 * Agreement: one block for each height, over all nodes and all times, so that no block that was final is ever skipped.
 * Validity: final blocks were proposed by the leader of their view with a payload that executes. Order: a node's final
 * views grow within one life.
 */
export function createFinalityOracle(blocks: Blocks, lineage: Lineage, jury: Jury): FinalityOracle {
  /** Final block of each height above the start. */
  const chain = new Map<number, number>()
  const newest = new Map<number, number>()
  const finalViews = new Set<number>()

  function extend(number: number): string | undefined {
    for (let at = number; at !== 0; at = lineage.parentOf(at)) {
      const height = lineage.heightOf(at)
      const known = chain.get(height)
      if (known === at) return undefined
      if (known !== undefined) return `fork: blocks ${known} and ${at} are both final at height ${height}`
      const fault = lineage.fault(at)
      if (fault !== undefined) return `block ${at} became final, but ${fault}`
      if (blocks.at(at)?.payloadValid !== true)
        return `block ${at} became final with a payload that does not execute`
      if (height !== lineage.heightOf(lineage.parentOf(at)) + 1)
        return `block ${at} is final at a wrong height`
      chain.set(height, at)
    }
    return undefined
  }

  return {
    finalViews,
    restarted: (participant) => newest.delete(participant),
    final(participant, blockId, certificate) {
      const number = blockNumber(blockId)
      const block = blocks.find(blockId)?.ref
      if (block === undefined) return `block ${number}, which nobody made, became final`
      const { vote } = certificate
      if (vote.kind !== 'finalize' || vote.view !== block.view || blockNumber(vote.blockId) !== number)
        return `the certificate of final block ${number} is for something else`
      if (!jury.holds(certificate)) return `the certificate of final block ${number} does not hold`
      if (block.view <= (newest.get(participant) ?? 0))
        return `block ${number} became final after a later one`
      newest.set(participant, block.view)
      finalViews.add(block.view)
      return extend(number)
    },
  }
}
