import { castNullify, mayNullify } from './signing.js'
import { type Core, type Round, roundOf } from './state.js'
import { forgetOldVotes } from './votes.js'

/** L1: time-outs grow by this factor with every view since the last finalization, up to the cap. */
const growth = 1.2
const growthCap = 16

/**
 * With so many views skipped since the last certified block the cap no longer holds, and no view is given up before
 * its time: a justification, which grows with every skipped view, then stays within its bound.
 */
const patientAfter = 384
const patientViews = 96

/** L5: a leader not heard in so many of its views in a row is not waited for. */
const silentViews = 2

function skippedViews(core: Core): number {
  return core.view - core.notarizedView - 1
}

/** Factor of the time-outs. Two views are always under way: the newest final one is two behind without any trouble. */
function patience(core: Core): number {
  const behind = core.view - core.final.view - 2
  let factor = 1
  for (let i = 0; i < behind && factor < growthCap; i++) factor *= growth
  factor = Math.min(factor, growthCap)
  const beyond = Math.min(skippedViews(core) - patientAfter, patientViews)
  for (let i = 0; i < beyond; i++) factor *= growth
  return factor
}

/** When a leader with something to order has proposed, and one without. */
function proposalDue(core: Core): number {
  const { interval, heartbeat } = core.options.timing
  const idle = core.enteredAt + heartbeat
  return core.pending ? Math.min(idle, Math.max(core.enteredAt, core.pendingSince) + interval) : idle
}

/** When the current view is given up: 2Δ after the proposal was due if there is none, 3Δ after if there is one. */
export function timeoutAt(core: Core): number {
  const round = core.rounds.get(core.view)
  if (round === undefined || !mayNullify(core, round)) return Number.POSITIVE_INFINITY
  const delays = round.proposal === undefined ? 2 : 3
  return proposalDue(core) + Math.ceil(delays * core.options.timing.delta * patience(core))
}

/** Whether the view cannot succeed or is not worth waiting for. */
function isHopeless(core: Core, round: Round): boolean {
  const { leader, validity, tallies, proposal } = round
  if (skippedViews(core) > patientAfter) return false
  if (validity === 'invalid') return true
  if (tallies.some(({ vote, signatures }) => vote.kind === 'nullify' && signatures.has(leader))) return true
  return (
    proposal === undefined && leader !== core.options.signer?.index && core.missed[leader]! >= silentViews
  )
}

/**
 * Gives the current view up when its time is over or waiting is pointless. Others may not have the certificate that
 * let this core into the view: they get it with the vote.
 */
export function giveUp(core: Core): void {
  const round = core.rounds.get(core.view)!
  if (!mayNullify(core, round)) return
  if (core.now < timeoutAt(core) && !isHopeless(core, round)) return
  const before = core.rounds.get(core.view - 1)
  const entry = before?.notarization ?? before?.nullification
  if (entry !== undefined) {
    core.effects.push({ kind: 'send', to: 'all', message: { kind: 'certificate', certificate: entry } })
  }
  castNullify(core, round)
}

/** Enters the view after the highest certified one, past all between (L3); after a restart not below the floor (P3). */
export function advance(core: Core): void {
  const next = Math.max(core.certifiedView, core.floor) + 1
  if (next <= core.view) return
  core.view = next
  core.enteredAt = core.now
  core.building = false
  core.asks = 0
  core.changed = true
  roundOf(core, next)
  forgetOldVotes(core)
}
