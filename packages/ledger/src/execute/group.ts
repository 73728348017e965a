import type { Address } from '@banyan/base'
import type { Host } from '../host/host.js'
import { createOverlay, type Overlay } from '../host/overlay.js'
import { addRows, noRows, type RowCounts, unboundedRoom } from '../state/room.js'
import type { StateView, WriteSet } from '../state/view.js'
import type { CallEnvironment, CallResult, ScheduledCall } from './call-result.js'
import { executeCallTransaction } from './calls.js'

/** Results of one group, in its order. */
export type GroupResult = {
  readonly results: readonly CallResult[]
  /**
   * A call asked for the number of an account that an earlier call of the block made. Only serial execution knows it, so
   * the results do not count.
   */
  readonly needsSerial: boolean
}

/**
 * Executes the transactions of one group in order, each seeing what those before it in the group wrote. Bounds of tables
 * are not looked at: a group does not know how many rows the others make.
 */
export function executeGroup(
  host: Host,
  environment: CallEnvironment,
  base: StateView,
  group: readonly ScheduledCall[],
): GroupResult {
  const changes = createOverlay(base)
  let needsSerial = false
  const view: StateView = {
    ...changes,
    accountNumber: (address: Address) => {
      const number = base.accountNumber(address)
      if (number === undefined && changes.account(address) !== undefined) needsSerial = true
      return number
    },
  }
  const results = group.map((scheduled) => {
    const result = executeCallTransaction(host, environment, view, scheduled, unboundedRoom)
    if (result.kind === 'included') absorb(changes, result.writes)
    return result
  })
  return { results, needsSerial }
}

/** Repeats the writes of a transaction on the overlay of its group. */
function absorb(overlay: Overlay, writes: WriteSet): void {
  for (const { address, account } of writes.accounts) overlay.setAccount(address, account)
  for (const { owner, asset, amount } of writes.balances) overlay.setBalance(owner, asset, amount)
  for (const { contract, key, value } of writes.storage) overlay.setStorage(contract, key, value)
  for (const { id, utxo } of writes.utxos) {
    if (utxo === null) overlay.spendUtxo(id)
    else overlay.createUtxo(utxo)
  }
  for (const { id, asset } of writes.assets) {
    if (id < overlay.assetCount()) overlay.setAsset(id, asset)
    else overlay.createAsset(asset)
  }
}

/** Runs groups that touch disjoint keys, and returns their results in the same order. */
export type GroupRunner = (
  environment: CallEnvironment,
  view: StateView,
  groups: readonly (readonly ScheduledCall[])[],
) => readonly GroupResult[]

/** Runs all groups here, one after the other. */
export function inlineGroups(host: Host): GroupRunner {
  return (environment, view, groups) => groups.map((group) => executeGroup(host, environment, view, group))
}

/** Rows that all groups make together. */
export function rowsOf(groups: readonly GroupResult[]): RowCounts {
  return groups
    .flatMap(({ results }) => results)
    .reduce((sum, result) => (result.kind === 'included' ? addRows(sum, result.made) : sum), noRows)
}

/** Compute gas of all groups that nobody pays. */
export function unpaidOf(groups: readonly GroupResult[]): number {
  return groups
    .flatMap(({ results }) => results)
    .reduce((sum, result) => (result.kind === 'skipped' ? sum + result.unpaid : sum), 0)
}

/** Whether some key written by one group was touched by another: then their results may differ from serial execution. */
export function groupsConflict(groups: readonly GroupResult[]): boolean {
  if (groups.some(({ needsSerial }) => needsSerial)) return true
  const writer = new Map<string, number>()
  for (const [i, group] of groups.entries()) {
    for (const { access } of group.results) {
      for (const key of access.written) {
        const other = writer.get(key)
        if (other !== undefined && other !== i) return true
        writer.set(key, i)
      }
    }
  }
  return groups.some((group, i) =>
    group.results.some(({ access }) => {
      for (const key of access.read) {
        const other = writer.get(key)
        if (other !== undefined && other !== i) return true
      }
      return false
    }),
  )
}
