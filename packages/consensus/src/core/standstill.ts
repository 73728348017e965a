import type { Certificate, Vote } from '../vote.js'
import type { ConsensusMessage } from './events.js'
import { findBase, isDue } from './propose.js'
import { maySign, signVote } from './signing.js'
import type { Core, Round } from './state.js'
import { addVote } from './votes.js'

/** Most views that one answer or one round of resending tells about. */
const viewsPerTelling = 64

/** Least time between two questions for missing certificates, and between two answers to one peer, in parts of Δ. */
const askPart = 0.5

function certificatesOf(round: Round): readonly Certificate[] {
  return [round.notarization, round.nullification].filter((certificate) => certificate !== undefined)
}

/** Certificates that are worth keeping over a restart (P4): of the final block, and of all views above it. */
export function heldCertificates(core: Core): readonly Certificate[] {
  const above = openRounds(core).flatMap(certificatesOf)
  return core.final.certificate === undefined ? above : [core.final.certificate, ...above]
}

/** Rounds above the final view, ascending. */
function openRounds(core: Core): readonly Round[] {
  const rounds = [...core.rounds.values()].filter(({ view }) => view > core.final.view)
  return rounds.sort((a, b) => a.view - b.view)
}

/** What this signer has said in a view that no certificate says already. */
function ownVotes({ view, record, notarization, nullification }: Round): readonly Vote[] {
  const { notarized, nullified, finalized } = record
  const votes: Vote[] = []
  if (notarized !== undefined && notarization === undefined) {
    votes.push({ kind: 'notarize', view, blockId: notarized })
  }
  if (nullified && nullification === undefined) votes.push({ kind: 'nullify', view })
  if (finalized !== undefined) votes.push({ kind: 'finalize', view, blockId: finalized })
  return votes
}

/** Counts again what was signed before a restart. */
export function recallVotes(core: Core): void {
  for (const round of openRounds(core)) {
    if (!maySign(core, round)) continue
    for (const vote of ownVotes(round)) addVote(core, signVote(core, vote), core.options.signer?.index, true)
  }
}

/** Time without a finalization after which everything that may be missing somewhere is sent again. */
function standstillTime(core: Core): number {
  const { delta, heartbeat } = core.options.timing
  return heartbeat + 6 * delta
}

/** When to send again; never for an observer. */
export function resendAt(core: Core): number {
  return core.options.signer === undefined ? Number.POSITIVE_INFINITY : core.quietSince + standstillTime(core)
}

/**
 * L2: sends the newest finalization, and the certificates and own votes above it, whatever the current view is. Of
 * many views a part at a time, in turn, and the newest always.
 */
export function resend(core: Core): void {
  core.quietSince = core.now
  const tell = (message: ConsensusMessage): void => {
    core.effects.push({ kind: 'send', to: 'all', message })
  }
  if (core.final.certificate !== undefined) tell({ kind: 'certificate', certificate: core.final.certificate })
  const rounds = openRounds(core)
  if (core.resendFrom >= rounds.length) core.resendFrom = 0
  const end = core.resendFrom + viewsPerTelling
  const part = rounds.filter((round, i) => (i >= core.resendFrom && i < end) || round.view >= core.view - 1)
  core.resendFrom = end
  for (const round of part) {
    for (const certificate of certificatesOf(round)) tell({ kind: 'certificate', certificate })
    for (const vote of maySign(core, round) ? ownVotes(round) : []) {
      const block = round.proposal?.block
      const signed = signVote(core, vote)
      const isProposal = vote.kind === 'notarize' && block?.proposer === signed.signer
      tell(isProposal ? { kind: 'proposal', block, vote: signed } : { kind: 'vote', vote: signed })
    }
  }
}

/** When to ask for certificates that this core needs to propose (L4). */
export function askAt(core: Core): number {
  const isStuck = isDue(core) && typeof findBase(core) === 'number'
  return isStuck ? core.askedAt + askPart * core.options.timing.delta : Number.POSITIVE_INFINITY
}

/** Asks the leader of the view from which something is missing, and when it does not answer, one member after another. */
export function ask(core: Core): void {
  const missing = findBase(core)
  const { committee, leaderOf, signer } = core.options
  if (typeof missing !== 'number' || signer === undefined) return
  const members = committee.validators.length
  const first = missing === 0 ? 0 : leaderOf(missing)
  let to = (first + core.asks++) % members
  if (to === signer.index) to = (first + core.asks++) % members
  core.askedAt = core.now
  if (to !== signer.index)
    core.effects.push({ kind: 'send', to, message: { kind: 'ask', fromView: missing } })
}

/** Answers with the certificates and certified blocks of so many views, and the block of the first, but not too often. */
export function answer(core: Core, to: number | undefined, fromView: number): void {
  const { committee, timing } = core.options
  if (to === undefined || committee.validators[to] === undefined || core.options.signer === undefined) return
  if (core.now < core.answeredAt[to]! + askPart * timing.delta) return
  core.answeredAt[to] = core.now
  const tell = (message: ConsensusMessage): void => {
    core.effects.push({ kind: 'send', to, message })
  }
  const { certificate } = core.final
  if (fromView <= core.final.view && certificate !== undefined) tell({ kind: 'certificate', certificate })
  const rounds = [...core.rounds.values()].filter(({ view }) => view >= Math.max(fromView, core.final.view))
  rounds.sort((a, b) => a.view - b.view)
  for (const round of rounds.slice(0, viewsPerTelling)) {
    for (const held of certificatesOf(round)) tell({ kind: 'certificate', certificate: held })
    const isCertified = round.notarization !== undefined || round.view === core.final.view
    const { proposal } = round
    // Who asks may have the certificate of that view already, and only the block is missing.
    if ((isCertified || round.view === fromView) && proposal?.vote !== undefined) {
      tell({ kind: 'proposal', block: proposal.block, vote: proposal.vote })
    }
  }
}
