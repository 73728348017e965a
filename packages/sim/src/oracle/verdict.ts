import { type Committee, type ConsensusMessage, type VotingScheme, verifyEvidence } from '@banyan/consensus'
import { type Blocks, blockNumber } from '../core/blocks.js'
import type { HostWitness } from '../core/host.js'
import { createConvictionOracle } from './conviction.js'
import { createFinalityOracle } from './finality.js'
import { createLineage } from './lineage.js'
import { createPersistenceOracle } from './persistence.js'
import { createJury } from './quorum.js'

/** All safety oracles over one scenario. */
export type Verdict = {
  /** Everything that went wrong, in order. */
  readonly failures: readonly string[]
  /** Two blocks became final at one height. */
  readonly forked: () => boolean
  /** Weight of the signers that the votes on the wire convict. */
  readonly convictedWeight: () => number
  readonly totalWeight: number
  readonly finalViews: ReadonlySet<number>
  /** The highest view that any honest node has voted or seen a certificate for. */
  readonly highestView: () => number
  /** Learns what a faulty participant sends. */
  readonly hear: (message: ConsensusMessage) => void
  /** Watches the host of an honest node; `signer` is its index, nothing for an observer. */
  readonly watch: (participant: number, signer: number | undefined) => HostWitness
  /** Watches the host of a node that may break rules: only what it sends counts, as evidence. */
  readonly overhear: () => HostWitness
  readonly fail: (problem: string) => void
}

function viewOf(message: ConsensusMessage): number {
  if (message.kind === 'proposal') return message.block.view
  if (message.kind === 'vote') return message.vote.vote.view
  return message.kind === 'certificate' ? message.certificate.vote.view + 1 : 0
}

function ignore(): void {}

export function createVerdict(options: {
  readonly blocks: Blocks
  readonly committee: Committee
  readonly scheme: VotingScheme
  readonly leaderOf: (view: number) => number
  readonly isFaulty: (index: number) => boolean
  /** Forks are told by `forked`, not as failures: so many are faulty that nothing can prevent them. */
  readonly forksAllowed: boolean
}): Verdict {
  const { blocks, committee, scheme, leaderOf, isFaulty, forksAllowed } = options
  const weights = committee.validators.map(({ weight }) => weight)
  const jury = createJury(weights, scheme)
  const lineage = createLineage(blocks, jury, leaderOf)
  const conviction = createConvictionOracle(lineage, jury)
  const finality = createFinalityOracle(blocks, lineage, jury)
  const failures: string[] = []
  let forked = false
  let highestView = 0
  let convictedSeen = 0

  const fail = (problem: string | undefined): void => {
    if (problem !== undefined) failures.push(problem)
  }

  function judgeConvictions(): void {
    if (conviction.convicted.size === convictedSeen) return
    convictedSeen = conviction.convicted.size
    for (const [index, why] of conviction.convicted) {
      if (!isFaulty(index)) fail(`honest ${index} is convicted: ${why}`)
    }
  }

  function hear(message: ConsensusMessage): void {
    conviction.seen(message)
    judgeConvictions()
  }

  function watch(participant: number, signer: number | undefined): HostWitness {
    const persistence = signer === undefined ? undefined : createPersistenceOracle(signer)
    return {
      persisted: (record) => fail(persistence?.persisted(record)),
      stored: (blockId) => persistence?.stored(blockId),
      kept: (certificate) => persistence?.kept(certificate),
      sent(message) {
        highestView = Math.max(highestView, viewOf(message))
        hear(message)
        fail(persistence?.sent(message))
      },
      final(blockId, certificate) {
        highestView = Math.max(highestView, certificate.vote.view)
        const problem = finality.final(participant, blockId, certificate)
        const isFork = problem?.startsWith('fork:') === true
        if (isFork) forked = true
        if (!isFork || !forksAllowed) fail(problem)
      },
      evidence(evidence) {
        fail(conviction.accused(evidence))
        if (!verifyEvidence({ committee, scheme, leaderOf, start: blocks.start }, evidence))
          fail(`evidence of ${participant} convinces nobody`)
        judgeConvictions()
      },
      restarted(floor) {
        persistence?.restarted(floor)
        finality.restarted(participant)
      },
    }
  }

  return {
    failures,
    forked: () => forked,
    convictedWeight: () => [...conviction.convicted.keys()].reduce((sum, index) => sum + weights[index]!, 0),
    totalWeight: weights.reduce((sum, weight) => sum + weight, 0),
    finalViews: finality.finalViews,
    highestView: () => highestView,
    hear,
    watch,
    overhear: () => ({
      persisted: ignore,
      stored: ignore,
      kept: ignore,
      sent: hear,
      final: ignore,
      evidence: ignore,
      restarted: ignore,
    }),
    fail,
  }
}

/** A few words on a message, for traces. */
export function describe(message: ConsensusMessage): string {
  switch (message.kind) {
    case 'proposal': {
      const { id, view, parentView, parentId } = message.block
      return `proposes block ${blockNumber(id)} in view ${view} on block ${blockNumber(parentId)} of view ${parentView}`
    }
    case 'vote': {
      const { vote, signer } = message.vote
      const what = vote.kind === 'nullify' ? '' : ` block ${blockNumber(vote.blockId)}`
      return `votes as ${signer} to ${vote.kind}${what} in view ${vote.view}`
    }
    case 'certificate': {
      const { vote, signers } = message.certificate
      const what = vote.kind === 'nullify' ? '' : ` of block ${blockNumber(vote.blockId)}`
      return `shows the ${vote.kind} certificate${what} of view ${vote.view} by ${signers.join(',')}`
    }
    default:
      return `asks from view ${message.fromView}`
  }
}
