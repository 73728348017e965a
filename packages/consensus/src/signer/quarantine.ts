import type { Committee } from '../committee.js'
import type { SignerFloor } from './format.js'
import { isAbove } from './memory.js'

/** Views by which the end of a quarantine lies above what any peer said: the lost votes may be ahead of them. */
export const quarantineMargin = 64

/** What a quarantined signer has heard of the views that others are in. */
export type Quarantine = {
  readonly seen: Map<number, SignerFloor>
  /** The greatest view seen when enough had been heard; fixed from then on. */
  highest: SignerFloor | undefined
}

export function createQuarantine(): Quarantine {
  return { seen: new Map(), highest: undefined }
}

/**
 * Notes the view of a message that a member has sent. As soon as members have been heard of whom at least one is
 * honest (f + 1, by weight more than the total less the quorum), the greatest of their views counts.
 */
export function heard(
  quarantine: Quarantine,
  committee: Committee,
  member: number,
  place: SignerFloor,
): void {
  const { seen } = quarantine
  if (quarantine.highest !== undefined || committee.validators[member] === undefined) return
  const before = seen.get(member)
  if (before === undefined || isAbove(place, before)) seen.set(member, place)
  let weight = 0
  let total = 0
  for (const [index, validator] of committee.validators.entries()) {
    total += validator.weight
    if (seen.has(index)) weight += validator.weight
  }
  if (weight <= total - committee.quorum) return
  quarantine.highest = [...seen.values()].reduce((a, b) => (isAbove(b, a) ? b : a))
}

/**
 * The floor with which the signer may vote again (rule P3), given the newest finalization certificate that is held:
 * once that lies more than the margin above the greatest view heard, or in a later epoch. `undefined` until then.
 */
export function releaseFloor(quarantine: Quarantine, final: SignerFloor): SignerFloor | undefined {
  const { highest } = quarantine
  if (highest === undefined) return undefined
  const isOver = isAbove(final, { epoch: highest.epoch, view: highest.view + quarantineMargin })
  return isOver ? final : undefined
}
