import { concatBytes, formatAmount, toHex } from '@banyan/base'
import { transferType } from '@banyan/ledger'
import type { NetworkPlan } from '@banyan/node/program'
import { createRandom } from '@banyan/testing'
import {
  addressOf,
  joinPeople,
  type Place,
  packageEnvelopes,
  payersByKey,
  randomPeople,
  recordsOf,
  signedTransfers,
  signingPeople,
} from '../ledger/workload.js'

/** One class of transactions: never mixed with another, since a package needs one signature for all its items. */
export type Kind = 'signed' | 'packaged'

export const itemsPerPackage = 1_000
/** Transfers in one transaction of a kind. */
export const transfersIn: Readonly<Record<Kind, number>> = { signed: 1, packaged: itemsPerPackage }

const signers = 1_000
const accounts = 10_000
const random = createRandom(21)
const people = joinPeople(signingPeople(signers), randomPeople(random, accounts - signers))
const payers = payersByKey(signingPeople(signers))

/** The genesis accounts: all can be paid, the first ones pay, and the very first may sign packages for all others. */
export function chainAccounts(): NetworkPlan['accounts'] {
  const delegate = toHex(addressOf(people, 0))
  return Array.from({ length: accounts }, (_, i) => ({
    address: toHex(addressOf(people, i)),
    balance: formatAmount(10n ** 24n),
    ...(i > 0 && { delegate }),
  }))
}

/** Envelopes that hold `transfers` transfers between random accounts, signed to be included soon after `place`. */
export function makeEnvelopes(kind: Kind, place: Place, transfers: number): readonly Uint8Array[] {
  if (kind === 'packaged') {
    return packageEnvelopes(place, people, random, Math.ceil(transfers / itemsPerPackage), itemsPerPackage)
  }
  const parts: (readonly Uint8Array[])[] = []
  for (let left = transfers; left > 0; left -= mostSigned) {
    parts.push(signedEnvelopes(place, Math.min(left, mostSigned)))
  }
  return parts.flat()
}

/** Transfers that are signed as one batch, which is bounded. */
const mostSigned = 50_000

function signedEnvelopes(place: Place, count: number): readonly Uint8Array[] {
  const records = recordsOf(signedTransfers(place, people, random, payers, count))
  const size = records.length / count
  return Array.from({ length: count }, (_, i) =>
    concatBytes(Uint8Array.of(transferType), records.subarray(i * size, (i + 1) * size)),
  )
}
