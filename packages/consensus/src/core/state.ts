import { equalBytes, type Hash } from '@banyan/base'
import type { Certificate, SignedVote, Vote } from '../vote.js'
import type { BlockRef, CoreEffect, CoreOptions, SignerRecord } from './events.js'

/** Votes for the same thing. Those that are not verified yet are, together, when they can matter. */
export type Tally = {
  readonly vote: Vote
  readonly message: Hash
  readonly signatures: Map<number, Uint8Array>
  readonly verified: Set<number>
  /** Of all signers, verified or not. */
  weight: number
}

/** What is known of one view. */
export type Round = {
  readonly view: number
  readonly leader: number
  notarization: Certificate | undefined
  nullification: Certificate | undefined
  tallies: Tally[]
  proposal: { readonly block: BlockRef; readonly vote: SignedVote | undefined } | undefined
  validity: 'unknown' | 'valid' | 'invalid'
  stored: boolean
  /** What this signer has signed in this view. */
  record: SignerRecord
  /** When the proposal was first seen. */
  seenAt: number
}

/** The newest final block; certificate and id are those of the epoch's start while its view is 0. */
export type FinalBlock = {
  readonly view: number
  readonly id: Hash
  readonly certificate: Certificate | undefined
}

/** State of the core. It belongs to `step` alone. */
export type Core = {
  readonly options: CoreOptions
  readonly rounds: Map<number, Round>
  /** Time of the current step, and its effects so far. */
  now: number
  effects: CoreEffect[]
  /** Something changed that may allow more within this step. */
  changed: boolean

  view: number
  enteredAt: number
  /** Highest view with a certificate; the current view is above it. */
  certifiedView: number
  /** Highest view with a certified block. */
  notarizedView: number
  /** Nothing is signed for views up to this one (P2). */
  floor: number
  final: FinalBlock

  pending: boolean
  pendingSince: number
  /** Whether a block was asked of the host for the current view. */
  building: boolean
  startedAt: number
  wakeAt: number

  /** Tallies whose votes may make a certificate, and rounds whose block may be finalized. */
  readonly ready: Tally[]
  readonly finalizable: Round[]

  /** Of every member: views it led in a row without being heard (L5), and whether it sent a wrong signature. */
  readonly missed: Uint32Array
  readonly distrusted: Set<number>
  readonly convicted: Set<number>

  /** Standstill (L2) and missing certificates (L4). */
  quietSince: number
  resendFrom: number
  askedAt: number
  asks: number
  readonly answeredAt: Float64Array
}

/** Makes a core in its state before `start`. */
export function createCore(options: CoreOptions): Core {
  const members = options.committee.validators.length
  const core: Core = {
    options,
    rounds: new Map(),
    now: 0,
    effects: [],
    changed: false,
    view: 0,
    enteredAt: 0,
    certifiedView: 0,
    notarizedView: 0,
    floor: options.signer?.memory.floor ?? 0,
    final: { view: 0, id: options.start.id, certificate: undefined },
    pending: false,
    pendingSince: 0,
    building: false,
    startedAt: 0,
    wakeAt: Number.POSITIVE_INFINITY,
    ready: [],
    finalizable: [],
    missed: new Uint32Array(members),
    distrusted: new Set(),
    convicted: new Set(),
    quietSince: 0,
    resendFrom: 0,
    askedAt: Number.NEGATIVE_INFINITY,
    asks: 0,
    answeredAt: new Float64Array(members).fill(Number.NEGATIVE_INFINITY),
  }
  for (const record of options.signer?.memory.records ?? []) {
    if (record.view > core.floor) roundOf(core, record.view).record = record
  }
  return core
}

/** The round of a view, made where it is missing. The caller bounds the views. */
export function roundOf(core: Core, view: number): Round {
  const known = core.rounds.get(view)
  if (known !== undefined) return known
  const { committee, leaderOf } = core.options
  const blank = { notarized: undefined, nullified: false, finalized: undefined }
  const round: Round = {
    view,
    leader: leaderOf(view),
    notarization: undefined,
    nullification: undefined,
    tallies: [],
    proposal: undefined,
    validity: 'unknown',
    stored: false,
    record: { epoch: committee.epoch, view, ...blank },
    seenAt: core.now,
  }
  core.rounds.set(view, round)
  return round
}

/** The block of a round if it is this one. */
export function blockOf(round: Round | undefined, id: Hash): BlockRef | undefined {
  const block = round?.proposal?.block
  return block !== undefined && equalBytes(block.id, id) ? block : undefined
}
