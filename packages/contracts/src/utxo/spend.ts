import { type Address, type AssetId, asAssetId, asHash, equalBytes, type Hash, toHex } from '@banyan/base'
import { bindAbi, type CallContext, funds, type Utxo, utxos } from '@banyan/ledger'
import { assetAddress, isZeroAddress } from '../addresses.js'
import { token } from '../token/ledger.js'
import { utxoAbi } from './abi.js'
import { consolidateAfter, sweepBefore } from './consolidate.js'
import { limits } from './limits.js'

const { emit, revertWith } = bindAbi(utxoAbi)

export type Share = { readonly owner: Address; readonly amount: bigint }

/** Movement of one asset: own inputs and account funds become outputs and account credits. */
export type Part = {
  readonly asset: number
  readonly inputs: readonly Uint8Array[]
  readonly fromAccount: bigint
  readonly outputs: readonly Share[]
  readonly toAccounts: readonly Share[]
}

function requireAtMost(what: string, count: number, limit: number): void {
  if (count > limit) revertWith('TooMany', { what, limit: BigInt(limit) })
}

function requireShares(what: string, shares: readonly Share[]): void {
  requireAtMost(what, shares.length, limits.shares)
  for (const { owner, amount } of shares) {
    if (isZeroAddress(owner)) revertWith('OwnerZero', {})
    if (amount === 0n) revertWith('AmountZero', {})
  }
}

/** Existing UTXOs of the caller. One that is spent is gone, so presence is the whole double-spend check. */
function loadInputs(context: CallContext, asset: AssetId, ids: readonly Uint8Array[]): readonly Utxo[] {
  requireAtMost('inputs', ids.length, limits.inputs)
  const seen = new Set<string>()
  return ids.map((id) => {
    if (seen.has(toHex(id))) revertWith('InputRepeated', { id })
    seen.add(toHex(id))
    const input = utxos.find(context, asHash(id))
    if (input === undefined || !equalBytes(input.owner, context.caller)) {
      return revertWith('InputUnavailable', { id })
    }
    if (input.asset !== asset) revertWith('AssetMismatch', { id, asset })
    return input
  })
}

const total = (amounts: readonly { readonly amount: bigint }[]): bigint =>
  amounts.reduce((sum, { amount }) => sum + amount, 0n)

/** Carries out one part; what is left over becomes one output of the caller. Returns the ids of new UTXOs. */
function spendPart(context: CallContext, part: Part): readonly Hash[] {
  const { fromAccount, outputs, toAccounts } = part
  const asset = asAssetId(part.asset)
  const owner = context.caller
  requireShares('outputs', outputs)
  requireShares('account credits', toAccounts)
  const named = loadInputs(context, asset, part.inputs)
  const { flags } = funds.account(context, owner)
  const inputs = named.length === 0 ? named : [...named, ...sweepBefore(context, flags, asset, named)]
  const available = total(inputs) + fromAccount
  const needed = total(outputs) + total(toAccounts)
  if (available < needed) revertWith('InsufficientInputs', { asset, available, needed })
  const rest = available - needed
  const allOutputs = rest === 0n ? outputs : [...outputs, { owner, amount: rest }]
  const created = convert(context, asset, inputs, fromAccount, allOutputs, toAccounts)
  const merging = consolidateAfter(context, flags, asset)
  if (merging.length < 2) return created.map(({ id }) => id)
  const merged = convert(context, asset, merging, 0n, [{ owner, amount: total(merging) }], [])
  const gone = new Set(merging.map(({ id }) => toHex(id)))
  return [...created, ...merged].map(({ id }) => id).filter((id) => !gone.has(toHex(id)))
}

/** Converts and reports: UTXO events here, and ERC-20 events of the asset where account balances change. */
function convert(
  context: CallContext,
  asset: AssetId,
  inputs: readonly Utxo[],
  fromAccount: bigint,
  outputs: readonly Share[],
  toAccounts: readonly Share[],
): readonly Utxo[] {
  const owner = context.caller
  if (fromAccount > 0n) {
    const balance = funds.balanceOf(context, owner, asset)
    if (balance < fromAccount) {
      revertWith('InsufficientInputs', { asset, available: balance, needed: fromAccount })
    }
  }
  const created = utxos.convert(context, { owner, asset, inputs, fromAccount, outputs, toAccounts })
  const face = { ...context, self: assetAddress(asset) }
  const pool = context.self
  if (fromAccount > 0n) token.emit(face, 'Transfer', { from: owner, to: pool, value: fromAccount })
  for (const { id, amount } of inputs) emit(context, 'UtxoSpent', { id, owner, asset, amount })
  for (const utxo of created) {
    emit(context, 'UtxoCreated', { id: utxo.id, owner: utxo.owner, asset, amount: utxo.amount })
  }
  for (const { owner: to, amount } of toAccounts) {
    token.emit(face, 'Transfer', { from: pool, to, value: amount })
  }
  return created
}

/** Carries out all parts, at most one per asset. Returns the ids of new UTXOs in order of creation. */
export function spendParts(context: CallContext, parts: readonly Part[]): readonly Hash[] {
  requireAtMost('parts', parts.length, limits.parts)
  const seen = new Set<number>()
  return parts.flatMap((part) => {
    if (seen.has(part.asset)) revertWith('AssetRepeated', { asset: part.asset })
    seen.add(part.asset)
    return spendPart(context, part)
  })
}

/** Turns inputs of one asset into account balance. */
export function withdraw(
  context: CallContext,
  args: { readonly asset: number; readonly inputs: readonly Uint8Array[]; readonly to: Address },
): void {
  const { asset, inputs, to } = args
  const amount = total(loadInputs(context, asAssetId(asset), inputs))
  if (amount === 0n) revertWith('AmountZero', {})
  const toAccounts = [{ owner: to, amount }]
  spendParts(context, [{ asset, inputs, fromAccount: 0n, outputs: [], toAccounts }])
}
