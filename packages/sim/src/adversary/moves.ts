import type { BlockRef, ConsensusMessage, SignedVote } from '@banyan/consensus'
import { chance, pick } from '../campaign/setting.js'
import { blockIdOf } from '../core/blocks.js'
import { type Attack, type Base, bestBase } from './attack.js'
import { anyVote, arbitraryBase, forgeCertificate } from './forgery.js'
import { voteOf } from './knowledge.js'

/** Makes a block as the leader of its view; with the trick `withhold` its payload may be bad or kept back. */
function makeBlock(attack: Attack, leader: number, view: number, { parent, justification }: Base): BlockRef {
  const { blocks, random, honest, uses } = attack
  const withholds = uses('withhold') && chance(random, 60)
  const valid = !(uses('withhold') && chance(random, 20))
  const block = blocks.create(
    {
      view,
      height: (parent?.height ?? blocks.start.height) + 1,
      parentId: parent?.id ?? blocks.start.id,
      parentView: parent?.view ?? 0,
      proposer: uses('arbitrary base') && chance(random, 5) ? pick(random, honest) : leader,
      justification,
    },
    { valid, withheldFrom: new Set(withholds ? honest.filter(() => chance(random, 50)) : []) },
  )
  attack.knowledge.learnOwnBlock(block)
  return block
}

function proposal(attack: Attack, leader: number, block: BlockRef): ConsensusMessage {
  return { kind: 'proposal', block, vote: attack.sign(leader, voteOf('notarize', block.view, block.id)) }
}

/** What a faulty leader does with its view. */
export function lead(attack: Attack, leader: number, view: number): void {
  const { random, uses, sides, say } = attack
  const base = (): Base =>
    uses('arbitrary base') && chance(random, 70) ? arbitraryBase(attack, view) : bestBase(attack, view)
  if (uses('equivocate')) {
    for (const side of sides)
      say(leader, proposal(attack, leader, makeBlock(attack, leader, view, base())), side)
  } else if (uses('mimic') || uses('arbitrary base') || uses('withhold')) {
    say(leader, proposal(attack, leader, makeBlock(attack, leader, view, base())))
  }
}

function castVote(attack: Attack, vote: SignedVote, audience?: readonly number[]): void {
  attack.say(vote.signer, { kind: 'vote', vote }, audience)
}

/** What the faulty members do when they see a block, their own included. */
export function judge(attack: Attack, block: BlockRef): void {
  const { random, members, uses, sign, sides } = attack
  for (const member of members) {
    const notarize = sign(member, voteOf('notarize', block.view, block.id))
    if (uses('vote for everything')) {
      castVote(attack, notarize)
      if (chance(random, 50))
        castVote(attack, sign(member, { kind: 'nullify', view: block.view }), pick(random, sides))
      castVote(attack, sign(member, voteOf('finalize', block.view, block.id)))
    } else if (uses('mimic')) castVote(attack, notarize)
  }
  if (uses('framing')) forestall(attack, block)
}

/** Sends votes in the name of everybody honest, with wrong signatures, before they vote themselves. */
function forestall({ random, members, honest, say }: Attack, block: BlockRef): void {
  for (const signer of honest) {
    const vote = voteOf(pick(random, ['notarize', 'finalize'] as const), block.view, block.id)
    say(pick(random, members), { kind: 'vote', vote: { vote, signer, signature: random.bytes(5) } })
  }
}

/** What the faulty members do when a view begins for them. */
export function enter(attack: Attack, view: number): void {
  const { random, members, uses, leaderOf, sign } = attack
  const leader = leaderOf(view)
  if (members.includes(leader)) lead(attack, leader, view)
  for (const member of members) {
    if (uses('vote for everything') && chance(random, 30))
      castVote(attack, sign(member, { kind: 'nullify', view }))
    else if (uses('mimic') && chance(random, 10)) castVote(attack, sign(member, { kind: 'nullify', view }))
  }
}

function repeatOld(attack: Attack, member: number): void {
  const { random, knowledge, say } = attack
  const { certificates, votes, blocks } = knowledge
  if (certificates.length > 0) say(member, { kind: 'certificate', certificate: pick(random, certificates) })
  if (votes.length > 0) say(member, { kind: 'vote', vote: pick(random, votes) })
  if (blocks.length === 0) return
  const block = pick(random, blocks)
  const vote = votes.find((signed) => signed.vote.kind === 'notarize' && signed.vote.blockId === block.id)
  if (vote !== undefined) say(member, { kind: 'proposal', block, vote })
}

/** Tries to make an honest member look guilty: its name under votes and blocks that are not its own. */
function frame(attack: Attack, member: number): void {
  const { random, knowledge, honest, sign, say, blocks } = attack
  const vote = anyVote(attack)
  const signer = pick(random, honest)
  const borrowed = knowledge.votes.findLast((signed) => signed.signer === signer)?.signature
  const signature = pick(random, [sign(member, vote).signature, borrowed ?? random.bytes(5), random.bytes(5)])
  say(member, { kind: 'vote', vote: { vote, signer, signature } })
  // Its own votes with wrong signatures, which must not spoil a certificate for the others.
  if (chance(random, 50))
    say(member, { kind: 'vote', vote: { vote, signer: member, signature: random.bytes(5) } })
  const stolen = knowledge.blocks.findLast((block) => block.proposer === signer)
  if (stolen === undefined || chance(random, 50)) return
  const { id, ...fields } = stolen
  const block = blocks.create({ ...fields, parentId: chance(random, 50) ? fields.parentId : id })
  const claimed = voteOf('notarize', block.view, block.id)
  say(member, { kind: 'proposal', block, vote: { vote: claimed, signer, signature } })
}

function flood(attack: Attack, member: number): void {
  const { random, knowledge, sign, say } = attack
  const far = pick(random, [200, 5_000, 2 ** 40, Number.MAX_SAFE_INTEGER - knowledge.view() - 300])
  for (let i = 0; i < 40; i++) {
    const near = knowledge.view() + random.below(70)
    const view = chance(random, 50) ? near : knowledge.view() + far + i
    const id = blockIdOf(2_000_000 + random.below(1_000_000))
    const kind = pick(random, ['notarize', 'nullify', 'finalize'] as const)
    say(member, { kind: 'vote', vote: sign(member, voteOf(kind, view, id)) })
  }
  for (let i = 0; i < 10; i++) say(member, { kind: 'ask', fromView: random.below(knowledge.view() + 1) })
}

/** What the faulty members do from time to time, whatever happens. */
export function stir(attack: Attack): void {
  const { random, knowledge, members, honest, uses, say } = attack
  const member = pick(random, members)
  if (uses('stale messages')) repeatOld(attack, member)
  if (uses('framing')) frame(attack, member)
  if (uses('flood') && chance(random, 15)) flood(attack, member)
  if (uses('forged certificates')) {
    say(member, { kind: 'certificate', certificate: forgeCertificate(attack, anyVote(attack)) })
  }
  if (uses('secret certificates') && knowledge.certificates.length > 0) {
    const newest = knowledge.certificates.slice(-4)
    say(member, { kind: 'certificate', certificate: pick(random, newest) }, [pick(random, honest)])
  }
  if (uses('arbitrary base')) {
    const view = knowledge.view() + random.below(3)
    if (members.includes(attack.leaderOf(view))) lead(attack, attack.leaderOf(view), view)
  }
}
