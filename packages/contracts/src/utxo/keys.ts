import { asAssetId, asHash } from '@banyan/base'
import {
  type AccessKey,
  accountKey,
  assetKey,
  balanceKey,
  type KeyContext,
  reads,
  utxoKey,
  utxoListKey,
  utxos,
  writes,
} from '@banyan/ledger'
import { limits } from './limits.js'
import type { Part } from './spend.js'

/** Besides its outputs, a part may create the rest and the result of merging. */
const ownOutputs = 2

/** Keys of a spend. Inputs that belong to somebody else are not among them: such a spend fails. */
export function spendKeys(context: KeyContext, parts: readonly Part[]): AccessKey[] {
  const { caller } = context
  const keys = writes(accountKey(caller), utxoListKey(caller))
  let created = 0
  for (const part of parts.slice(0, limits.parts)) {
    const asset = asAssetId(part.asset)
    const inputs = part.inputs.slice(0, limits.inputs)
    const outputs = part.outputs.slice(0, limits.shares)
    const toAccounts = part.toAccounts.slice(0, limits.shares)
    keys.push(...reads(assetKey(asset), ...inputs.map((id) => utxoKey(asHash(id)))))
    keys.push(...writes(balanceKey(caller, asset)))
    for (const { owner } of outputs) keys.push(...writes(accountKey(owner), utxoListKey(owner)))
    for (const { owner } of toAccounts) keys.push(...writes(balanceKey(owner, asset)))
    created += outputs.length + ownOutputs
  }
  for (let index = 0; index < created; index++) keys.push(...writes(utxoKey(utxos.idOf(context, index))))
  return keys
}
