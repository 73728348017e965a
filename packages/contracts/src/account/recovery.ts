import { type Address, concatBytes, equalBytes, type Hash, uintToLe } from '@banyan/base'
import {
  type AccessKey,
  type CallContext,
  defineTable,
  funds,
  hostCrypto,
  type KeyContext,
  tables,
} from '@banyan/ledger'
import { accounts, lists, memberKeys, readMembers, requireGroup, writeMembers } from './members.js'
import { installPolicy } from './policy.js'

/**
 * Guardians' rules. A new round makes every plan of earlier rounds void; a recovery makes every session key given before
 * it void.
 */
export const guardianRules = defineTable({
  id: 3,
  name: 'guardianRules',
  key: { account: 'address' },
  row: { threshold: 'uint8', delay: 'uint64', round: 'uint64', recoveries: 'uint64' },
})

/** A plan for new signers: who of the guardians supports it (bit set), and from which height it can be carried out. */
export const recoveryPlans = defineTable({
  id: 4,
  name: 'recoveryPlans',
  key: { account: 'address', plan: 'bytes32' },
  row: { supporters: 'uint16', readyAt: 'uint64' },
})

/** Bounds of the delay in blocks: long enough for the owner to cancel. */
const minDelay = 100n
const maxDelay = 1n << 32n

export type Group = { readonly threshold: number; readonly signers: readonly Address[] }

function planHash(context: CallContext, round: bigint, { threshold, signers }: Group): Hash {
  return hostCrypto.sha256(context, concatBytes(uintToLe(round, 8), Uint8Array.of(threshold), ...signers))
}

/** Names the caller's guardians; an empty list removes them. Plans under way become void. */
export function setGuardians(
  context: CallContext,
  rules: { readonly threshold: number; readonly guardians: readonly Address[]; readonly delay: bigint },
): void {
  const { threshold, guardians, delay } = rules
  const account = context.caller
  if (guardians.length > 0 || threshold > 0) requireGroup(threshold, guardians)
  if (guardians.length > 0 && (delay < minDelay || delay > maxDelay)) {
    accounts.revertWith('DelayInvalid', { minimum: minDelay, maximum: maxDelay })
  }
  const { round, recoveries } = tables.get(context, guardianRules, { account })
  writeMembers(context, account, lists.guardians, guardians)
  tables.set(context, guardianRules, { account }, { threshold, delay, round: round + 1n, recoveries })
  accounts.emit(context, 'GuardiansSet', { account, threshold, guardians, delay })
}

/** A guardian supports a plan. When enough do, the delay starts. */
export function supportRecovery(context: CallContext, args: { readonly account: Address } & Group): void {
  const { account } = args
  requireGroup(args.threshold, args.signers)
  const guardians = readMembers(context, account, lists.guardians)
  const index = guardians.findIndex((guardian) => equalBytes(guardian, context.caller))
  if (index < 0) accounts.revertWith('NotGuardian', { account, caller: context.caller })
  const { threshold, delay, round } = tables.get(context, guardianRules, { account })
  const plan = planHash(context, round, args)
  const stored = tables.get(context, recoveryPlans, { account, plan })
  const supporters = stored.supporters | (1 << index)
  const enough = countBits(supporters) >= threshold
  const readyAt = stored.readyAt > 0n || !enough ? stored.readyAt : context.block.height + delay
  tables.set(context, recoveryPlans, { account, plan }, { supporters, readyAt })
  accounts.emit(context, 'RecoverySupported', { account, guardian: context.caller, plan, readyAt })
}

/** Anyone carries out a plan whose delay is over. Powers that the old signers gave away end: sessions and the delegate. */
export function finishRecovery(context: CallContext, args: { readonly account: Address } & Group): void {
  const { account, threshold, signers } = args
  const rules = tables.get(context, guardianRules, { account })
  const plan = planHash(context, rules.round, args)
  const { readyAt } = tables.get(context, recoveryPlans, { account, plan })
  if (readyAt === 0n) accounts.revertWith('RecoveryUnsupported', {})
  if (context.block.height < readyAt) accounts.revertWith('RecoveryPending', { readyAt })
  const { round, recoveries } = rules
  const next = { ...rules, round: round + 1n, recoveries: recoveries + 1n }
  tables.set(context, guardianRules, { account }, next)
  tables.set(context, recoveryPlans, { account, plan }, { supporters: 0, readyAt: 0n })
  funds.setAccountRules(context, account, { delegate: 0 })
  installPolicy(context, account, threshold, signers)
}

/** The account itself makes all plans void. */
export function cancelRecovery(context: CallContext): void {
  const account = context.caller
  const rules = tables.get(context, guardianRules, { account })
  tables.set(context, guardianRules, { account }, { ...rules, round: rules.round + 1n })
  accounts.emit(context, 'RecoveryCancelled', { account })
}

function countBits(set: number): number {
  let count = 0
  for (let rest = set; rest > 0; rest >>= 1) count += rest & 1
  return count
}

export function guardianKeys(context: KeyContext, account: Address): AccessKey[] {
  return [
    ...tables.writeKeys(context, guardianRules, { account }),
    ...memberKeys(context, account, lists.guardians),
  ]
}
