import { certifyReady, receiveCertificate } from './certificates.js'
import type { ConsensusMessage, CoreEffect, CoreEvent } from './events.js'
import { buildAt, propose, receiveBlock, receiveBuilt, receiveChecked, receiveProposal } from './propose.js'
import { finalizeNotarized, notarizeCurrent } from './signing.js'
import { answer, ask, askAt, recallVotes, resend, resendAt } from './standstill.js'
import type { Core } from './state.js'
import { advance, giveUp, timeoutAt } from './view.js'
import { addVote } from './votes.js'

function start(core: Core): void {
  core.startedAt = core.now
  for (const certificate of core.options.certificates) receiveCertificate(core, certificate)
  advance(core)
  recallVotes(core)
  if (core.options.signer !== undefined) resend(core)
}

function receive(core: Core, from: number | undefined, message: ConsensusMessage): void {
  // L5: who says anything is not silent, also one that is behind and only asks.
  if (from !== undefined && from < core.missed.length) core.missed[from] = 0
  if (!isTaken(core, from, message)) core.effects.push({ kind: 'refused' })
}

/** Takes a message; false if one of its signatures does not hold and its sender knows it. */
function isTaken(core: Core, from: number | undefined, message: ConsensusMessage): boolean {
  switch (message.kind) {
    case 'proposal': {
      const holds = receiveProposal(core, message.block, message.vote, from)
      // A member that shows the block of another may have taken it by its certificate, without a look at this vote.
      return holds || (from !== undefined && from !== message.vote.signer)
    }
    case 'vote':
      return addVote(core, message.vote, from)
    case 'certificate':
      return receiveCertificate(core, message.certificate)
    case 'ask':
      answer(core, from, message.fromView)
      return true
  }
}

function setPending(core: Core, pending: boolean): void {
  if (pending && !core.pending) core.pendingSince = core.now
  core.pending = pending
}

function handle(core: Core, event: CoreEvent): void {
  if (event.kind === 'message') receive(core, event.from, event.message)
  else if (event.kind === 'checked') receiveChecked(core, event.view, event.blockId, event.valid)
  else if (event.kind === 'built') receiveBuilt(core, event.block)
  else if (event.kind === 'block') receiveBlock(core, event.block, event.vote)
  else if (event.kind === 'pending') setPending(core, event.pending)
  else if (event.kind === 'start') start(core)
}

/** Does what the state allows, until it allows nothing more. Every turn of the loop signs, certifies or advances. */
function settle(core: Core): void {
  do {
    core.changed = false
    certifyReady(core)
    advance(core)
    notarizeCurrent(core)
    finalizeNotarized(core)
    giveUp(core)
    propose(core)
  } while (core.changed)
}

function nextWake(core: Core): number {
  return Math.ceil(Math.min(timeoutAt(core), buildAt(core), resendAt(core), askAt(core)))
}

/**
 * One step of the core: takes an event at a time in milliseconds, which never goes back, and returns what is to be done,
 * in this order. `start` comes first, once. Never throws on account of what others send.
 */
export function step(core: Core, event: CoreEvent, now: number): readonly CoreEffect[] {
  core.now = now
  core.effects = []
  handle(core, event)
  settle(core)
  if (core.now >= resendAt(core)) resend(core)
  if (core.now >= askAt(core)) ask(core)
  const wake = nextWake(core)
  if (wake !== core.wakeAt && wake !== Number.POSITIVE_INFINITY) core.effects.push({ kind: 'wake', at: wake })
  core.wakeAt = wake
  return core.effects
}
