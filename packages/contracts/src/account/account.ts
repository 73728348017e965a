import type { Address } from '@banyan/base'
import {
  type AccessKey,
  accountFlags,
  accountKey,
  type CallContext,
  defineContract,
  funds,
  reads,
  tables,
  writes,
} from '@banyan/ledger'
import { contractAddress, isZeroAddress } from '../addresses.js'
import { accountAbi } from './abi.js'
import { authorize, authorizeKeys } from './authorize.js'
import { accounts, lists, members, readMembers } from './members.js'
import { clearPolicy, installPolicy, policies, policyKeys } from './policy.js'
import {
  cancelRecovery,
  finishRecovery,
  guardianKeys,
  guardianRules,
  recoveryPlans,
  setGuardians,
  supportRecovery,
} from './recovery.js'
import {
  addSession,
  readSession,
  removeSession,
  sessionContracts,
  sessionKeys,
  sessionLimits,
  sessions,
} from './session.js'

/** Consolidation modes of UTXOs: none, beforehand, behindhand. */
const modes = [0, accountFlags.consolidateBefore, accountFlags.consolidateAfter]
const allModes = accountFlags.consolidateBefore | accountFlags.consolidateAfter

/** The same keys for a view, which writes none of them. */
const viewed = (keys: readonly AccessKey[]): AccessKey[] => reads(...keys.map(({ key }) => key))

function setDelegate(context: CallContext, { delegate }: { readonly delegate: Address }): void {
  const number = isZeroAddress(delegate)
    ? 0
    : (funds.accountNumber(context, delegate) ?? accounts.revertWith('DelegateUnknown', { delegate }))
  funds.setAccountRules(context, context.caller, { delegate: number })
  accounts.emit(context, 'DelegateSet', { account: context.caller, delegate })
}

function setConsolidation(context: CallContext, { mode }: { readonly mode: number }): void {
  const flag = modes[mode] ?? accounts.revertWith('ModeUnknown', { mode })
  const { flags } = funds.account(context, context.caller)
  funds.setAccountRules(context, context.caller, { flags: (flags & ~allModes) | flag })
  accounts.emit(context, 'ConsolidationSet', { account: context.caller, mode })
}

export const accountContract = defineContract({
  name: 'account',
  summary: 'Rules of accounts: signers, session keys, recovery by guardians, delegate, UTXO consolidation.',
  version: 1,
  address: contractAddress('banyan/account'),
  abi: accountAbi,
  tables: [members, policies, guardianRules, recoveryPlans, sessions, sessionContracts, sessionLimits],
  interfaces: { 'authorize/1': { run: authorize, keys: authorizeKeys } },
  methods: {
    setPolicy: {
      gas: 300,
      run: (context, { threshold, signers }) => installPolicy(context, context.caller, threshold, signers),
      keys: (context) => policyKeys(context, context.caller),
    },
    clearPolicy: { gas: 200, run: clearPolicy, keys: (context) => policyKeys(context, context.caller) },
    policy: {
      gas: 100,
      run: (context, { account }) => {
        const { threshold } = tables.get(context, policies, { account })
        return [threshold, readMembers(context, account, lists.signers)] as const
      },
      keys: (context, { account }) => viewed(policyKeys(context, account)),
    },
    setGuardians: {
      gas: 300,
      run: setGuardians,
      keys: (context) => guardianKeys(context, context.caller),
    },
    guardians: {
      gas: 100,
      run: (context, { account }) => {
        const { threshold, delay } = tables.get(context, guardianRules, { account })
        return [threshold, readMembers(context, account, lists.guardians), delay] as const
      },
      keys: (context, { account }) => viewed(guardianKeys(context, account)),
    },
    // The key of a plan depends on the round, which is in the state.
    supportRecovery: { gas: 300, run: supportRecovery, keys: () => undefined },
    finishRecovery: { gas: 300, run: finishRecovery, keys: () => undefined },
    cancelRecovery: {
      gas: 100,
      run: cancelRecovery,
      keys: (context) => guardianKeys(context, context.caller),
    },
    addSession: {
      gas: 300,
      run: addSession,
      keys: (context, { key }) => sessionKeys(context, context.caller, key),
    },
    removeSession: {
      gas: 200,
      run: removeSession,
      keys: (context, { key }) => sessionKeys(context, context.caller, key),
    },
    session: {
      gas: 100,
      run: (context, { account, key }) => {
        const { validUntil, period, contracts, limits } = readSession(context, account, key)
        return [validUntil, period, contracts, limits] as const
      },
      keys: (context, { account, key }) => viewed(sessionKeys(context, account, key)),
    },
    setDelegate: {
      gas: 100,
      run: setDelegate,
      keys: (context, { delegate }) => [
        ...writes(accountKey(context.caller)),
        ...reads(accountKey(delegate)),
      ],
    },
    setConsolidation: {
      gas: 100,
      run: setConsolidation,
      keys: (context) => writes(accountKey(context.caller)),
    },
  },
})
