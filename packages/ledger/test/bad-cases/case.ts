import { asChainId, asHash, type ErrorName } from '@banyan/base'
import type { Chain } from '@banyan/ledger'

/** A transaction that must be refused, for the chain that the test prepares: two blocks, a guarded account, a used nonce. */

/** What becomes of a transaction that somebody puts into a block although it is refused. */
type Fate = 'unreadable' | 'skipped' | 'failed' | 'signature'

export type Bad = {
  readonly what: string
  readonly error: ErrorName
  readonly fate: Fate
  readonly make: (chain: Chain) => Uint8Array
  /** Error of the receipt, where it differs: what a block knows is coarser. */
  readonly inBlock?: ErrorName
  readonly details?: Readonly<Record<string, unknown>>
}

/** Cases that end in the same way. */
export const withFate = (fate: Fate, cases: readonly Omit<Bad, 'fate'>[]): readonly Bad[] =>
  cases.map((bad) => ({ ...bad, fate }))

export const zeroMark = asHash(new Uint8Array(32).fill(9))
export const foreign = asHash(new Uint8Array(32).fill(3))
export const otherChain = asChainId(78n)

export function altered(envelope: Uint8Array, change: (bytes: Uint8Array) => void): Uint8Array {
  const copy = envelope.slice()
  change(copy)
  return copy
}
export const longer = (envelope: Uint8Array) => Uint8Array.from([...envelope, 0])
export const shorter = (envelope: Uint8Array) => envelope.slice(0, -1)
export const flipLast = (envelope: Uint8Array) =>
  altered(envelope, (bytes) => {
    bytes[bytes.length - 1]! ^= 1
  })
