import { type AssetId, toHex } from '@banyan/base'
import { accountFlags, type CallContext, type Utxo, utxos } from '@banyan/ledger'
import { limits } from './limits.js'

/** The caller's newest UTXOs of an asset, from a bounded look at their list. */
function newest(context: CallContext, asset: AssetId): readonly Utxo[] {
  return utxos.ofOwner(context, context.caller, limits.scanned).filter((utxo) => utxo.asset === asset)
}

/** Consolidation beforehand: extra UTXOs that go into a spend, if the owner's account asks for it. */
export function sweepBefore(
  context: CallContext,
  flags: number,
  asset: AssetId,
  inputs: readonly Utxo[],
): readonly Utxo[] {
  if ((flags & accountFlags.consolidateBefore) === 0) return []
  const named = new Set(inputs.map(({ id }) => toHex(id)))
  const others = newest(context, asset).filter(({ id }) => !named.has(toHex(id)))
  return others.slice(0, limits.swept)
}

/** Consolidation behindhand: the UTXOs to merge into one after a spend, if the owner's account asks for it. */
export function consolidateAfter(context: CallContext, flags: number, asset: AssetId): readonly Utxo[] {
  if ((flags & accountFlags.consolidateAfter) === 0) return []
  return newest(context, asset).slice(0, limits.merged)
}
