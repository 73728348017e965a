import { type Certificate, sameVote, type Vote } from '@banyan/consensus'
import { chance, pick } from '../campaign/setting.js'
import { blockIdOf } from '../core/blocks.js'
import type { Attack, Base } from './attack.js'
import { voteOf } from './knowledge.js'

/** All genuine signatures that there are, but less than a quorum of them. */
function shortCertificate({ committee, mock, members, knowledge, sign }: Attack, vote: Vote): Certificate {
  const signatures = new Map(members.map((member) => [member, sign(member, vote).signature]))
  for (const known of knowledge.votes) {
    if (sameVote(known.vote, vote)) signatures.set(known.signer, known.signature)
  }
  let weight = 0
  const signers: number[] = []
  for (const signer of [...signatures.keys()].sort((a, b) => a - b)) {
    const more = committee.validators[signer]!.weight
    if (weight + more >= committee.quorum) continue
    weight += more
    signers.push(signer)
  }
  const signature = mock.scheme.combine(signers.map((signer) => signatures.get(signer)!))
  return { rule: committee.rule, vote, signers, signature }
}

/** A certificate that nobody is entitled to, in one of the ways in which a careless check might take it. */
export function forgeCertificate(attack: Attack, vote: Vote): Certificate {
  const { random, committee, mock, members, knowledge, sign } = attack
  const { rule } = committee
  const everyone = committee.validators.map((_, index) => index)
  const own = members.map((member) => sign(member, vote).signature)
  const genuine = knowledge.certificates.length === 0 ? undefined : pick(random, knowledge.certificates)
  switch (random.below(6)) {
    case 0:
      return shortCertificate(attack, vote)
    case 1: {
      // One signer many times over.
      const signers = everyone.map(() => members[0]!)
      return { rule, vote, signers, signature: mock.scheme.combine(signers.map(() => own[0]!)) }
    }
    case 2:
      // All names, but signatures of a few.
      return { rule, vote, signers: everyone, signature: mock.scheme.combine(own) }
    case 3:
      // The signatures under something else.
      if (genuine !== undefined) return { ...genuine, vote }
      return { rule, vote, signers: everyone, signature: random.bytes(5) }
    case 4:
      // Members that do not exist.
      return {
        rule,
        vote,
        signers: everyone.map((index) => index + everyone.length),
        signature: random.bytes(5),
      }
    default: {
      const signers = [...everyone].reverse()
      return { rule, vote, signers, signature: mock.scheme.combine(signers.map((i) => own[i % own.length]!)) }
    }
  }
}

/** Any known block, and of the certificates that it would take to follow it those that are known, or forged ones. */
export function arbitraryBase(attack: Attack, view: number): Base {
  const { random, knowledge, uses } = attack
  const candidates = knowledge.blocks.filter((block) => block.view < view)
  const parent = candidates.length === 0 || chance(random, 15) ? undefined : pick(random, candidates)
  const skipped: Certificate[] = []
  for (let at = (parent?.view ?? 0) + 1; at < view && skipped.length < 64; at++) {
    const genuine = knowledge.nullification(at)
    if (genuine !== undefined) skipped.push(genuine)
    else if (uses('forged certificates'))
      skipped.push(forgeCertificate(attack, { kind: 'nullify', view: at }))
    else if (chance(random, 30) && skipped.length > 0) skipped.push(pick(random, skipped))
  }
  if (parent === undefined) return { parent, justification: { parent: undefined, skipped } }
  const known = knowledge.notarizations(parent.view)[0]
  const certificate =
    known ??
    (uses('forged certificates')
      ? forgeCertificate(attack, voteOf('notarize', parent.view, parent.id))
      : knowledge.certificates.at(-1))
  return { parent, justification: { parent: certificate, skipped } }
}

/** A vote for something that the honest may or may not know. */
export function anyVote({ random, knowledge, blocks }: Attack): Vote {
  const view = Math.max(1, knowledge.view() + random.below(4) - 2)
  const block = knowledge.blocks.findLast((candidate) => candidate.view === view)
  const id = block?.id ?? (chance(random, 50) ? blocks.start.id : blockIdOf(1_000_000 + random.below(1_000)))
  return voteOf(pick(random, ['notarize', 'nullify', 'finalize'] as const), view, id)
}
