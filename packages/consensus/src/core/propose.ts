import { equalBytes } from '@banyan/base'
import { verifyJustification } from '../justification.js'
import type { Certificate, SignedVote } from '../vote.js'
import { sameVote } from '../vote-equality.js'
import { holdCertificate, isHeld } from './certificates.js'
import { convictOfProposal } from './conviction.js'
import type { BlockRef, Justification } from './events.js'
import { castProposal, mayNotarize } from './signing.js'
import { blockOf, type Core, roundOf } from './state.js'
import { advance } from './view.js'
import { addVote } from './votes.js'

export type Base = {
  readonly parent: { readonly id: BlockRef['id']; readonly height: number; readonly view: number }
  readonly justification: Justification
}

/** The certified block of a view, if it has been seen here. */
function certifiedBlock(
  core: Core,
  view: number,
): (Base['parent'] & { certificate: Certificate | undefined }) | undefined {
  const { start } = core.options
  if (view === 0) return { ...start, view, certificate: undefined }
  const round = core.rounds.get(view)
  const certificate = view === core.final.view ? core.final.certificate : round?.notarization
  if (certificate === undefined || certificate.vote.kind === 'nullify') return undefined
  const block = blockOf(round, certificate.vote.blockId)
  return block && { id: block.id, height: block.height, view, certificate }
}

/**
 * The highest certified block such that every view after it was given up (S4); the view whose certificates are
 * missing if there is none.
 */
export function findBase(core: Core): Base | number {
  const skipped: Certificate[] = []
  for (let view = core.view - 1; ; view--) {
    const found = certifiedBlock(core, view)
    if (found !== undefined) {
      const { certificate, ...parent } = found
      return { parent, justification: { parent: certificate, skipped: skipped.reverse() } }
    }
    const nullification = core.rounds.get(view)?.nullification
    if (nullification === undefined || view <= core.final.view) return view
    skipped.push(nullification)
  }
}

/** Whether this core has the current view's proposal to make. */
export function isDue(core: Core): boolean {
  const round = core.rounds.get(core.view)
  if (round === undefined || core.building) return false
  return round.leader === core.options.signer?.index && mayNotarize(core, round)
}

/** When the leader has a block built: at once if something waits to be ordered, else a heartbeat after the parent. */
function buildTime(core: Core, parentView: number): number {
  if (core.pending) return core.now
  return (core.rounds.get(parentView)?.seenAt ?? core.startedAt) + core.options.timing.heartbeat
}

/** When the host is asked for the current view's block, if that is this core's to make. */
export function buildAt(core: Core): number {
  if (!isDue(core)) return Number.POSITIVE_INFINITY
  const base = findBase(core)
  return typeof base === 'number' ? Number.POSITIVE_INFINITY : buildTime(core, base.parent.view)
}

/** Asks the host for a block when it is this core's turn and time. */
export function propose(core: Core): void {
  if (!isDue(core)) return
  const base = findBase(core)
  if (typeof base === 'number' || core.now < buildTime(core, base.parent.view)) return
  const parentSeen = core.rounds.get(base.parent.view)?.seenAt ?? core.startedAt
  const notBefore = parentSeen + core.options.timing.interval
  core.building = true
  core.effects.push({ kind: 'build', view: core.view, ...base, notBefore })
}

/** Proposes the block that the host has built, unless its view is over. */
export function receiveBuilt(core: Core, block: BlockRef): void {
  const round = core.rounds.get(core.view)!
  if (block.view !== core.view || !core.building || !mayNotarize(core, round)) return
  const vote = castProposal(core, round, block)
  round.proposal = { block, vote }
  round.validity = 'valid'
  round.seenAt = core.now
  core.finalizable.push(round)
}

/** The host's verdict on a proposed block. */
export function receiveChecked(core: Core, view: number, id: BlockRef['id'], valid: boolean): void {
  const round = core.rounds.get(view)
  if (round === undefined || blockOf(round, id) === undefined) return
  round.validity = valid ? 'valid' : 'invalid'
  if (valid) core.finalizable.push(round)
}

/** Takes a block as its round's, and has it checked. */
function takeProposal(core: Core, block: BlockRef, vote: SignedVote, from: number | undefined): void {
  const round = roundOf(core, block.view)
  if (round.proposal === undefined) round.seenAt = core.now
  round.proposal = { block, vote }
  round.validity = 'unknown'
  round.stored = false
  core.effects.push({ kind: 'check', block, from })
}

/** Id of the certified block of a view. */
function certifiedId(core: Core, view: number): BlockRef['id'] | undefined {
  if (view === core.final.view) return core.final.id
  const vote = core.rounds.get(view)?.notarization?.vote
  return vote?.kind === 'notarize' ? vote.blockId : undefined
}

/** Takes the certificates that a block embeds, which may lead into its view; `false` if they do not justify it. */
function adoptJustification(core: Core, block: BlockRef): boolean {
  if (!verifyJustification(core.options, block, (certificate) => isHeld(core, certificate))) return false
  const { parent, skipped } = block.justification
  if (parent !== undefined) holdCertificate(core, parent)
  for (const certificate of skipped) holdCertificate(core, certificate)
  advance(core)
  return true
}

/** Whether a vote is the one that a proposal of this block carries: its leader's, with a signature that holds. */
function isProposersVote(core: Core, block: BlockRef, { vote, signer, signature }: SignedVote): boolean {
  const { committee, leaderOf, scheme } = core.options
  if (signer !== leaderOf(block.view) || committee.validators[signer] === undefined) return false
  return scheme.verify(scheme.message(vote), signer, signature)
}

/**
 * A leader's block: its signature and justification are checked here, everything else by the host. False if the signature
 * does not hold.
 */
export function receiveProposal(
  core: Core,
  block: BlockRef,
  signed: SignedVote,
  from: number | undefined,
): boolean {
  const { vote } = signed
  if (!sameVote(vote, { kind: 'notarize', view: block.view, blockId: block.id })) return false
  if (!Number.isSafeInteger(block.view) || block.view < core.final.view) return true
  const round = core.rounds.get(block.view)
  const certified = certifiedId(core, block.view)
  if (certified !== undefined && equalBytes(certified, block.id)) {
    if (blockOf(round, block.id) === undefined) takeProposal(core, block, signed, from)
  } else if (round?.proposal?.vote !== undefined) {
    return addVote(core, signed, from)
  } else if (block.view > core.final.view && round?.validity !== 'invalid') {
    return receiveFirst(core, block, signed, from)
  }
  return true
}

/** Whether a vote and a block are a proposal that holds: the right leader's signature and a whole justification. */
function isProposal(core: Core, block: BlockRef, signed: SignedVote): boolean {
  if (!sameVote(signed.vote, { kind: 'notarize', view: block.view, blockId: block.id })) return false
  return isProposersVote(core, block, signed) && adoptJustification(core, block)
}

/**
 * Takes a block that the host found valid by itself, if it is or may become part of the chain. If no certificate names it
 * yet, its proposer's vote counts only after the checks that a proposal goes through.
 */
export function receiveBlock(core: Core, block: BlockRef, vote: SignedVote | undefined): void {
  if (block.view < core.final.view) return
  const round = roundOf(core, block.view)
  const certified = certifiedId(core, block.view)
  const isWrong = certified !== undefined && !equalBytes(certified, block.id)
  if (isWrong || (certified === undefined && round.proposal !== undefined)) return
  const known = vote ?? (blockOf(round, block.id) && round.proposal?.vote)
  const isShown = known !== undefined && (certified !== undefined || isProposal(core, block, known))
  round.stored = false
  round.proposal = { block, vote: isShown ? known : undefined }
  round.validity = 'valid'
  core.finalizable.push(round)
}

/** The first proposal of its view. One with a justification that does not hold convicts its signer (E4). */
function receiveFirst(core: Core, block: BlockRef, signed: SignedVote, from: number | undefined): boolean {
  if (!isProposersVote(core, block, signed)) return false
  if (adoptJustification(core, block)) {
    addVote(core, signed, from, true)
    takeProposal(core, block, signed, from)
  } else {
    convictOfProposal(core, block, signed)
    const round = core.rounds.get(block.view)
    if (round !== undefined) round.validity = 'invalid'
  }
  return true
}
