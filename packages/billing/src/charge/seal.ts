import { fail, type Hash } from '@banyan/base'
import type { Hasher } from '@banyan/crypto'
import type { Direction } from '../anchor/anchor.js'
import type { Charge, SealedRow } from './charge.js'
import { offsets } from './columns.js'
import { encodeCustom, encodePrivate, encodePublic } from './encode.js'
import { parties } from './parties.js'

export type Keccak = Hasher['keccak256']

/** The three parts of a row. */
export type Parts = Pick<SealedRow, 'public' | 'private' | 'custom'>

const nobody = `0x${'00'.repeat(20)}`

/** Pay-ins equal payouts in every row, and nobody without an account gets or pays anything. Error: ChargeInvalid. */
function requireBalance(charge: Charge): void {
  const sum = (direction: Direction): bigint => {
    let total = 0n
    for (const party of parties[direction]) {
      const amount = charge[`${party}Amount`]
      if (amount > 0n && charge[party] === nobody)
        fail('ChargeInvalid', { id: charge.id, column: party, reason: 'has an amount and no account' })
      total += amount
    }
    return total
  }
  if (sum('in') !== sum('out'))
    fail('ChargeInvalid', { id: charge.id, column: 'operatorAmount', reason: 'does not balance the row' })
}

/** Checks and encodes one charge; its hashes are still missing. Error: ChargeInvalid. */
export function encodeCharge(charge: Charge): Parts {
  const parts = { public: encodePublic(charge), private: encodePrivate(charge), custom: encodeCustom(charge) }
  requireBalance(charge)
  return parts
}

/** Fills the commitments into the public part, and gives the hash of the row. */
export function hashRow(parts: Parts, keccak256: Keccak): Hash {
  parts.public.set(keccak256(parts.private), offsets.privateHash)
  if (parts.custom.length > 0) parts.public.set(keccak256(parts.custom), offsets.customHash)
  return keccak256(parts.public)
}

/** Checks, encodes and hashes one charge. Error: ChargeInvalid. */
export function sealCharge(charge: Charge, keccak256: Keccak): SealedRow {
  const parts = encodeCharge(charge)
  return { ...parts, rowHash: hashRow(parts, keccak256) }
}
