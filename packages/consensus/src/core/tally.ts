import type { Hash } from '@banyan/base'
import type { Vote, VotingScheme } from '../vote.js'
import { sameVote } from '../vote-equality.js'
import type { Core, Round, Tally } from './state.js'

/** The votes of a round for this, which may be none yet. */
export function tallyOf(core: Core, round: Round, vote: Vote): Tally {
  const known = round.tallies.find((tally) => sameVote(tally.vote, vote))
  if (known !== undefined) return known
  const message = core.options.scheme.message(vote)
  const tally: Tally = { vote, message, signatures: new Map(), verified: new Set(), weight: 0 }
  round.tallies.push(tally)
  return tally
}

export function countVote(core: Core, tally: Tally, signer: number, signature: Uint8Array): void {
  tally.signatures.set(signer, signature)
  tally.weight += core.options.committee.validators[signer]!.weight
}

/** Takes back a vote whose signature does not hold; later ones of its signer are verified at once. */
export function dropVote(core: Core, tally: Tally, signer: number): void {
  tally.signatures.delete(signer)
  tally.verified.delete(signer)
  tally.weight -= core.options.committee.validators[signer]!.weight
  core.distrusted.add(signer)
}

function ascending(values: Iterable<number>): number[] {
  return [...values].sort((a, b) => a - b)
}

/**
 * Signers whose signatures do not hold. One combined check does where all hold; otherwise each half is checked by
 * itself, so that a few wrong signatures among many cost few checks.
 */
function wrongSigners(
  scheme: VotingScheme,
  message: Hash,
  signers: readonly number[],
  signatures: ReadonlyMap<number, Uint8Array>,
): readonly number[] {
  if (signers.length === 0) return []
  const combined = scheme.combine(signers.map((signer) => signatures.get(signer)!))
  if (scheme.verifyCombined(message, signers, combined)) return []
  if (signers.length === 1) return signers
  const middle = signers.length >>> 1
  return [
    ...wrongSigners(scheme, message, signers.slice(0, middle), signatures),
    ...wrongSigners(scheme, message, signers.slice(middle), signatures),
  ]
}

/** One signature of all votes of a tally, in ascending order of their signers. */
function combineAll(core: Core, { signatures }: Tally): Combined {
  const signers = ascending(signatures.keys())
  return { signers, signature: core.options.scheme.combine(signers.map((signer) => signatures.get(signer)!)) }
}

export type Combined = { readonly signers: readonly number[]; readonly signature: Uint8Array }

/**
 * The votes of a tally under one signature that holds. If it does not hold at first, wrong votes are dropped; the rest
 * may then weigh less than a quorum.
 */
export function combineValid(core: Core, tally: Tally): Combined {
  const { scheme } = core.options
  const { message, signatures, verified } = tally
  const all = combineAll(core, tally)
  if (scheme.verifyCombined(message, all.signers, all.signature)) return all
  const unverified = all.signers.filter((signer) => !verified.has(signer))
  for (const signer of wrongSigners(scheme, message, unverified, signatures)) dropVote(core, tally, signer)
  const valid = combineAll(core, tally)
  for (const signer of valid.signers) verified.add(signer)
  return valid
}
