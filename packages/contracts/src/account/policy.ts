import type { Address } from '@banyan/base'
import {
  type AccessKey,
  accountFlags,
  accountKey,
  type CallContext,
  defineTable,
  funds,
  type KeyContext,
  tables,
  writes,
} from '@banyan/ledger'
import { accounts, includes, lists, memberKeys, readMembers, requireGroup, writeMembers } from './members.js'

/** How many of an account's signers must sign. */
export const policies = defineTable({
  id: 2,
  name: 'policies',
  key: { account: 'address' },
  row: { threshold: 'uint8' },
})

/** Puts an account under `threshold` of `signers`: from now on its own key counts only as one of them. */
export function installPolicy(
  context: CallContext,
  account: Address,
  threshold: number,
  signers: readonly Address[],
): void {
  requireGroup(threshold, signers)
  writeMembers(context, account, lists.signers, signers)
  tables.set(context, policies, { account }, { threshold })
  const { flags } = funds.account(context, account)
  funds.setAccountRules(context, account, { flags: flags | accountFlags.policy })
  accounts.emit(context, 'PolicySet', { account, threshold, signers })
}

/** Gives an account back to its own key. */
export function clearPolicy(context: CallContext): void {
  const account = context.caller
  writeMembers(context, account, lists.signers, [])
  tables.set(context, policies, { account }, { threshold: 0 })
  const { flags } = funds.account(context, account)
  funds.setAccountRules(context, account, { flags: flags & ~accountFlags.policy })
  accounts.emit(context, 'PolicyCleared', { account })
}

/** Whether enough of the account's signers are among those who signed. Each signer counts once. */
export function signersSuffice(context: CallContext, account: Address, signed: readonly Address[]): boolean {
  const { threshold } = tables.get(context, policies, { account })
  const agreeing = readMembers(context, account, lists.signers).filter((signer) => includes(signed, signer))
  return threshold > 0 && agreeing.length >= threshold
}

export function policyKeys(context: KeyContext, account: Address): AccessKey[] {
  return [
    ...writes(accountKey(account)),
    ...tables.writeKeys(context, policies, { account }),
    ...memberKeys(context, account, lists.signers),
  ]
}
