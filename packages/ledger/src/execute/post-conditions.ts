import { fig } from '@banyan/base'
import type { StateView } from '../state/view.js'
import type { CallEntry } from './call-result.js'

/** What the accounts of a transaction's post-conditions hold, in the order of the conditions. */
export function holdingsOf(view: StateView, entry: CallEntry): readonly bigint[] {
  return conditionsOf(entry).map(({ account, asset }) =>
    asset === fig ? (view.account(account)?.balance ?? 0n) : view.balance(account, asset),
  )
}

/** Whether an account lost more than its condition allows, given what it held before the calls. */
export function breaksPostCondition(view: StateView, entry: CallEntry, before: readonly bigint[]): boolean {
  const after = holdingsOf(view, entry)
  return conditionsOf(entry).some(({ maxSpent }, i) => before[i]! - after[i]! > maxSpent)
}

function conditionsOf(entry: CallEntry) {
  return entry.transaction.kind === 'native' ? entry.transaction.body.postConditions : []
}
