import type {
  BlockRef,
  Committee,
  ConsensusMessage,
  Justification,
  SignedVote,
  Timing,
  Vote,
} from '@banyan/consensus'
import type { Random } from '@banyan/testing'
import { chance, pick } from '../campaign/setting.js'
import type { Blocks } from '../core/blocks.js'
import type { MockScheme } from '../core/scheme.js'
import type { Schedule } from '../world/schedule.js'
import { createKnowledge, type Knowledge } from './knowledge.js'

/** Ways to break the protocol. A scenario uses some of them; none of them means to be silent. */
export const tricks = [
  'mimic',
  'equivocate',
  'arbitrary base',
  'vote for everything',
  'selective send',
  'withhold',
  'late',
  'stale messages',
  'forged certificates',
  'framing',
  'flood',
  'secret certificates',
] as const
export type Trick = (typeof tricks)[number]

/** Everything that the moves of an adversary need. It holds the keys of its own members only. */
export type Attack = {
  readonly random: Random
  readonly committee: Committee
  readonly mock: MockScheme
  readonly blocks: Blocks
  readonly leaderOf: (view: number) => number
  readonly knowledge: Knowledge
  readonly members: readonly number[]
  readonly honest: readonly number[]
  /** On which of two sides each honest member is: what one side hears the other may not. */
  readonly sides: readonly (readonly number[])[]
  readonly uses: (trick: Trick) => boolean
  readonly sign: (member: number, vote: Vote) => SignedVote
  /** Sends as a member to an audience; how far and when depends on the tricks in use. */
  readonly say: (member: number, message: ConsensusMessage, audience?: readonly number[]) => void
}

export type AttackOptions = {
  readonly random: Random
  readonly committee: Committee
  readonly mock: MockScheme
  readonly blocks: Blocks
  readonly leaderOf: (view: number) => number
  readonly members: readonly number[]
  readonly sides: readonly (readonly number[])[]
  readonly chosen: ReadonlySet<Trick>
  readonly timing: Timing
  readonly schedule: Schedule
  readonly send: (from: number, to: number, message: ConsensusMessage) => void
}

export function createAttack(options: AttackOptions): Attack {
  const { random, committee, mock, members, sides, chosen, timing, schedule, send } = options
  const honest = sides.flat()
  const knowledge = createKnowledge(committee, mock.scheme)
  const signers = new Map(members.map((member) => [member, mock.signer(member)]))
  const uses = (trick: Trick): boolean => chosen.has(trick)

  function audienceOf(audience: readonly number[]): readonly number[] {
    if (!uses('selective send') || chance(random, 40)) return audience
    if (chance(random, 50)) return pick(random, sides)
    return audience.filter(() => chance(random, 50))
  }

  return {
    ...options,
    honest,
    knowledge,
    uses,
    sign(member, vote) {
      const sign = signers.get(member)
      if (sign === undefined) throw new Error(`the adversary has no key of member ${member}`)
      const signed = { vote, signer: member, signature: sign(mock.scheme.message(vote)) }
      knowledge.learnOwnVote(signed)
      return signed
    },
    say(member, message, audience = honest) {
      const receivers = audienceOf(audience)
      const delay = uses('late') && chance(random, 50) ? random.below(8 * timing.delta) : 0
      schedule.at(schedule.now() + delay, () => {
        for (const to of receivers) send(member, to, message)
      })
    },
  }
}

/** The justification of a block on the highest certified block that can be justified; or as much as is known of one. */
export function bestBase({ knowledge, blocks }: Attack, view: number): Base {
  const skipped: Justification['skipped'][number][] = []
  for (let at = view - 1; at > 0; at--) {
    const certificate = knowledge.notarizations(at)[0]
    if (certificate !== undefined && certificate.vote.kind !== 'nullify') {
      const block = blocks.find(certificate.vote.blockId)?.ref
      if (block !== undefined)
        return { parent: block, justification: { parent: certificate, skipped: skipped.reverse() } }
    }
    const nullification = knowledge.nullification(at)
    if (nullification === undefined) break
    skipped.push(nullification)
  }
  return { parent: undefined, justification: { parent: undefined, skipped: skipped.reverse() } }
}

/** What a block is built on; no parent stands for the block that the epoch starts from. */
export type Base = { readonly parent: BlockRef | undefined; readonly justification: Justification }
