import { verifyCertificate } from '../certificate.js'
import type { Certificate, Vote } from '../vote.js'
import { sameCertificate } from '../vote-equality.js'
import { type Core, roundOf } from './state.js'
import { combineValid } from './tally.js'

/** The certificate held for the view and kind of this vote, whatever its block. */
function heldFor(core: Core, vote: Vote): Certificate | undefined {
  if (vote.kind === 'finalize') return core.final.view === vote.view ? core.final.certificate : undefined
  const round = core.rounds.get(vote.view)
  return vote.kind === 'notarize' ? round?.notarization : round?.nullification
}

/** Whether exactly this certificate is held, so that it need not be verified again. */
export function isHeld(core: Core, certificate: Certificate): boolean {
  const held = heldFor(core, certificate.vote)
  return held !== undefined && sameCertificate(held, certificate)
}

/** Takes a certificate from outside, if it is of use and holds; false if it does not hold. */
export function receiveCertificate(core: Core, certificate: Certificate): boolean {
  const { view } = certificate.vote
  if (!Number.isSafeInteger(view) || view <= core.final.view || heldFor(core, certificate.vote)) return true
  const { committee, scheme } = core.options
  if (!verifyCertificate(committee, scheme, certificate)) return false
  holdCertificate(core, certificate)
  return true
}

/** Takes a verified certificate. */
export function holdCertificate(core: Core, certificate: Certificate): void {
  const { vote } = certificate
  if (vote.view <= core.final.view || heldFor(core, vote)) return
  core.changed = true
  core.certifiedView = Math.max(core.certifiedView, vote.view)
  const round = roundOf(core, vote.view)
  if (vote.kind === 'nullify') {
    round.nullification = certificate
    if (!round.tallies.some(({ signatures }) => signatures.has(round.leader))) core.missed[round.leader]!++
    return
  }
  core.notarizedView = Math.max(core.notarizedView, vote.view)
  if (vote.kind === 'notarize') {
    round.notarization = certificate
    core.finalizable.push(round)
  } else {
    core.final = { view: vote.view, id: vote.blockId, certificate }
    core.effects.push({ kind: 'final', blockId: vote.blockId, certificate })
    core.quietSince = core.now
    forgetBefore(core, vote.view)
  }
}

/** The final block's own round stays: its successors are built on it. */
function forgetBefore(core: Core, view: number): void {
  for (const old of core.rounds.keys()) if (old < view) core.rounds.delete(old)
}

/** Makes certificates of the votes that reach a quorum, and passes on those that others may wait for. */
export function certifyReady(core: Core): void {
  if (core.ready.length === 0) return
  const { committee, leaderOf, signer } = core.options
  for (const tally of core.ready.splice(0)) {
    const { vote } = tally
    if (vote.view <= core.final.view || heldFor(core, vote)) continue
    const combined = combineValid(core, tally)
    if (tally.weight < committee.quorum) continue
    const certificate: Certificate = { rule: committee.rule, vote, ...combined }
    holdCertificate(core, certificate)
    if (signer === undefined || vote.kind === 'finalize') continue
    // The next leader cannot propose without the notarization; its proposal shows it to all others.
    const to = vote.kind === 'nullify' ? 'all' : leaderOf(vote.view + 1)
    if (to !== signer.index) {
      core.effects.push({ kind: 'send', to, message: { kind: 'certificate', certificate } })
    }
  }
}
