import type { Address } from '@banyan/base'
import { type AccessKey, type CallContext, defineTable, type KeyContext, tables } from '@banyan/ledger'
import { isZeroAddress, zeroAddress } from '../addresses.js'
import { accounts } from './members.js'
import { guardianRules } from './recovery.js'

/**
 * A key that may act within limits. It is valid while `validUntil` is not below the height of the block, and until the
 * account is recovered: `recoveries` counts those before it.
 */
export const sessions = defineTable({
  id: 5,
  name: 'sessions',
  key: { account: 'address', key: 'address' },
  row: { validUntil: 'uint64', period: 'uint64', recoveries: 'uint64' },
})

export const sessionContracts = defineTable({
  id: 6,
  name: 'sessionContracts',
  key: { account: 'address', key: 'address', index: 'uint8' },
  row: { contract: 'address' },
})

/** Spending limit of one asset. A place with cap 0 is empty. */
export const sessionLimits = defineTable({
  id: 7,
  name: 'sessionLimits',
  key: { account: 'address', key: 'address', index: 'uint8' },
  row: { asset: 'uint32', cap: 'uint128', spent: 'uint128', periodStart: 'uint64' },
})

/** Most contracts, and most limits, of a session. */
const maxEntries = 8

const places = Array.from({ length: maxEntries }, (_, index) => index)

export type SessionLimit = { readonly asset: number; readonly cap: bigint }

export type Session = {
  readonly key: Address
  readonly validUntil: bigint
  readonly period: bigint
  readonly contracts: readonly Address[]
  readonly limits: readonly SessionLimit[]
}

function requireValid(context: CallContext, session: Session): void {
  const { key, validUntil, period, contracts, limits } = session
  const refuse = (reason: string): never => accounts.revertWith('SessionInvalid', { reason })
  if (isZeroAddress(key)) refuse('the key is zero')
  if (validUntil < context.block.height) refuse('it has ended already')
  if (period === 0n) refuse('the period is zero')
  if (contracts.length > maxEntries || limits.length > maxEntries) {
    accounts.revertWith('TooMany', { what: 'contracts or limits', limit: BigInt(maxEntries) })
  }
  if (contracts.length === 0 || contracts.some(isZeroAddress)) refuse('a contract is missing')
  if (limits.some(({ cap }) => cap === 0n)) refuse('a limit is zero')
  if (new Set(limits.map(({ asset }) => asset)).size !== limits.length) refuse('an asset is limited twice')
}

/** Fills every place, so that nothing of an earlier session with this key remains. */
function store(context: CallContext, account: Address, session: Session): void {
  const { key, validUntil, period, contracts, limits } = session
  const recoveries = validUntil === 0n ? 0n : tables.get(context, guardianRules, { account }).recoveries
  tables.set(context, sessions, { account, key }, { validUntil, period, recoveries })
  for (const index of places) {
    const place = { account, key, index }
    const { asset, cap } = limits[index] ?? { asset: 0, cap: 0n }
    const periodStart = cap === 0n ? 0n : context.block.height
    tables.set(context, sessionContracts, place, { contract: contracts[index] ?? zeroAddress })
    tables.set(context, sessionLimits, place, { asset, cap, spent: 0n, periodStart })
  }
}

/** Gives a key limited power over the caller's account, or replaces its limits. */
export function addSession(context: CallContext, session: Session): void {
  requireValid(context, session)
  const { key, validUntil } = session
  store(context, context.caller, session)
  accounts.emit(context, 'SessionAdded', { account: context.caller, key, validUntil })
}

export function removeSession(context: CallContext, { key }: { readonly key: Address }): void {
  const account = context.caller
  store(context, account, { key, validUntil: 0n, period: 0n, contracts: [], limits: [] })
  accounts.emit(context, 'SessionRemoved', { account, key })
}

/** The session of a key; one that does not exist, or that a recovery ended, has `validUntil` 0. */
export function readSession(context: CallContext, account: Address, key: Address): Session {
  const stored = tables.get(context, sessions, { account, key })
  const { period } = stored
  const isCurrent = stored.recoveries === tables.get(context, guardianRules, { account }).recoveries
  const validUntil = isCurrent ? stored.validUntil : 0n
  const entries = places.map((index) => ({
    contract: tables.get(context, sessionContracts, { account, key, index }).contract,
    limit: tables.get(context, sessionLimits, { account, key, index }),
  }))
  const contracts = entries.map(({ contract }) => contract).filter((contract) => !isZeroAddress(contract))
  const limits = entries.map(({ limit: { asset, cap } }) => ({ asset, cap })).filter(({ cap }) => cap > 0n)
  return { key, validUntil, period, contracts, limits }
}

/** Counts spending of one asset against its limit in the running period; a reason if it goes beyond. */
export function countSpending(
  context: CallContext,
  account: Address,
  session: Session,
  asset: number,
  amount: bigint,
): string | undefined {
  const index = session.limits.findIndex((limit) => limit.asset === asset)
  if (index < 0) return `the session key may not spend asset ${asset}`
  const place = { account, key: session.key, index }
  const limit = tables.get(context, sessionLimits, place)
  const { height } = context.block
  const over = height >= limit.periodStart + session.period
  const spent = (over ? 0n : limit.spent) + amount
  if (spent > limit.cap) return `the session key would spend more of asset ${asset} than its limit`
  tables.set(context, sessionLimits, place, {
    ...limit,
    spent,
    periodStart: over ? height : limit.periodStart,
  })
  return undefined
}

export function sessionKeys(context: KeyContext, account: Address, key: Address): AccessKey[] {
  return [
    ...tables.readKeys(context, guardianRules, { account }),
    ...tables.writeKeys(context, sessions, { account, key }),
    ...places.flatMap((index) => [
      ...tables.writeKeys(context, sessionContracts, { account, key, index }),
      ...tables.writeKeys(context, sessionLimits, { account, key, index }),
    ]),
  ]
}
