import { equalBytes, type Hash } from '@banyan/base'
import type { SignedVote, Vote } from '../vote.js'
import type { BlockRef, ConsensusMessage, SignerRecord } from './events.js'
import { blockOf, type Core, type Round } from './state.js'
import { addVote } from './votes.js'

/** Whether this core signs at all in this view: nothing at or below the floor (P2). */
export function maySign(core: Core, round: Round): boolean {
  return core.options.signer !== undefined && round.view > core.floor && round.view > core.final.view
}

/** Signs what the record of the view allows. Signatures are deterministic: the same vote again is the same bytes. */
export function signVote(core: Core, vote: Vote): SignedVote {
  const { scheme, signer } = core.options
  const { index, sign } = signer!
  return { vote, signer: index, signature: sign(scheme.message(vote)) }
}

/** Records, signs, counts and sends a vote, in the order that P1 asks for. */
function cast(
  core: Core,
  round: Round,
  record: SignerRecord,
  vote: Vote,
  messageOf: (vote: SignedVote) => ConsensusMessage = (signed) => ({ kind: 'vote', vote: signed }),
): SignedVote {
  const signed = signVote(core, vote)
  round.record = record
  core.changed = true
  core.effects.push({ kind: 'persist', record }, { kind: 'send', to: 'all', message: messageOf(signed) })
  addVote(core, signed, signed.signer, true)
  return signed
}

/** Whether the record still allows to notarize: one block per view, none beside a finalized one or after giving up (S1). */
export function mayNotarize(core: Core, round: Round): boolean {
  const { notarized, nullified, finalized } = round.record
  return maySign(core, round) && notarized === undefined && !nullified && finalized === undefined
}

/** Has a block made durable, which comes before any vote for it. */
function store(core: Core, round: Round, blockId: Hash): void {
  if (!round.stored) core.effects.push({ kind: 'store', blockId })
  round.stored = true
}

/** Votes for the current view's block, if it came as a proposal and is valid. */
export function notarizeCurrent(core: Core): void {
  const round = core.rounds.get(core.view)!
  const { proposal, validity } = round
  if (proposal?.vote === undefined || validity !== 'valid' || !mayNotarize(core, round)) return
  const { block } = proposal
  const record = { ...round.record, notarized: block.id }
  store(core, round, block.id)
  cast(core, round, record, { kind: 'notarize', view: round.view, blockId: block.id })
}

/** Proposes the signer's own block, which is its vote at once (S4). */
export function castProposal(core: Core, round: Round, block: BlockRef): SignedVote {
  const record = { ...round.record, notarized: block.id }
  const vote: Vote = { kind: 'notarize', view: round.view, blockId: block.id }
  store(core, round, block.id)
  return cast(core, round, record, vote, (signed) => ({ kind: 'proposal', block, vote: signed }))
}

/** Whether the record allows to give the view up (S2), and this was not done yet. */
export function mayNullify(core: Core, round: Round): boolean {
  const { nullified, finalized } = round.record
  return maySign(core, round) && !nullified && finalized === undefined
}

export function castNullify(core: Core, round: Round): void {
  cast(core, round, { ...round.record, nullified: true }, { kind: 'nullify', view: round.view })
}

/** Whether the record allows to finalize this block (S3), and this was not done yet. */
function mayFinalize(core: Core, round: Round, id: Hash): boolean {
  const { notarized, nullified, finalized } = round.record
  if (!maySign(core, round) || nullified || finalized !== undefined) return false
  return notarized === undefined || equalBytes(notarized, id)
}

/** Votes to finalize notarized blocks that were found valid here, in past views too. */
export function finalizeNotarized(core: Core): void {
  if (core.finalizable.length === 0) return
  for (const round of core.finalizable.splice(0)) {
    const certificate = round.notarization
    if (certificate === undefined || certificate.vote.kind === 'nullify') continue
    const { blockId } = certificate.vote
    if (round.validity !== 'valid' || blockOf(round, blockId) === undefined) continue
    store(core, round, blockId)
    if (!mayFinalize(core, round, blockId)) continue
    core.effects.push({ kind: 'keep', certificate })
    const record = { ...round.record, finalized: blockId }
    cast(core, round, record, { kind: 'finalize', view: round.view, blockId })
  }
}
