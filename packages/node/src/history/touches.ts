import { type Address, equalBytes, type Hash } from '@banyan/base'
import type { Log, Transaction } from '@banyan/ledger'
import { owners } from './asset-logs.js'

/** Whom a transaction pays or calls, as it says itself. Packages tell only through their logs. */
export function calledAccounts(transaction: Transaction): readonly Address[] {
  switch (transaction.kind) {
    case 'transfer':
      return [transaction.payee]
    case 'package':
      return []
    case 'native':
      return transaction.body.calls.map(({ to }) => to)
    case 'ethereum':
      return [transaction.to]
  }
}

/**
 * Whether a transaction belongs to the activity of an account: it is the sender, is paid or called, or its balance of some
 * token moves according to a `Transfer` log. Failed transactions count too: they are what their sender tried.
 */
export function touches(
  account: Address,
  transferTopic: Hash,
  included: { readonly transaction: Transaction; readonly sender: Address; readonly logs: readonly Log[] },
): boolean {
  const named = [included.sender, ...calledAccounts(included.transaction)]
  if (named.some((address) => equalBytes(address, account))) return true
  return included.logs.some((log) =>
    owners(transferTopic, log).some((owner) => owner !== undefined && equalBytes(owner, account)),
  )
}
