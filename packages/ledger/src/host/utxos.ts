import {
  type Address,
  type AssetId,
  asHash,
  assert,
  concatBytes,
  equalBytes,
  type Hash,
  maxAmount,
  uintToLe,
} from '@banyan/base'
import { tag } from '@banyan/crypto'
import type { Utxo } from '../state/view.js'
import type { CallContext, KeyContext } from './context.js'
import { credit, debit, requireMovable } from './funds.js'
import { chargeGas, gasPrices } from './gas.js'

const idTag = tag('banyan/utxo')

/** Id of the `index`-th UTXO that a call creates: SHA-256 of tag "banyan/utxo" ‖ transaction id ‖ call (4) ‖ index (4). */
export function idOf(context: KeyContext, index: number): Hash {
  return asHash(
    context.host.crypto.sha256(
      concatBytes(
        idTag,
        context.transactionId,
        uintToLe(BigInt(context.callIndex), 4),
        uintToLe(BigInt(index), 4),
      ),
    ),
  )
}

/** The UTXO with this id, `undefined` if there is none, be it that it never was or that it is spent. */
export function find(context: CallContext, id: Hash): Utxo | undefined {
  chargeGas(context.meter, gasPrices.rowRead)
  return context.overlay.utxo(id)
}

/** An owner's UTXOs, newest first, at most `limit`. */
export function ofOwner(context: CallContext, owner: Address, limit: number): readonly Utxo[] {
  chargeGas(context.meter, gasPrices.rowRead)
  return context.overlay.utxosOf(owner, limit).map((id) => {
    const utxo = find(context, id)
    assert(utxo !== undefined && equalBytes(utxo.owner, owner), "the list of an owner's UTXOs holds theirs")
    return utxo
  })
}

/** What a conversion takes and gives. All inputs belong to `owner`, who also pays and receives the account part. */
export type Conversion = {
  readonly owner: Address
  readonly asset: AssetId
  readonly inputs: readonly Utxo[]
  readonly fromAccount: bigint
  readonly outputs: readonly { readonly owner: Address; readonly amount: bigint }[]
  readonly toAccounts: readonly { readonly owner: Address; readonly amount: bigint }[]
}

const sum = (parts: readonly { readonly amount: bigint }[]): bigint =>
  parts.reduce((total, { amount }) => total + amount, 0n)

/**
 * Spends inputs and account funds of one asset for outputs and account credits of the same total: the caller has
 * checked that. Returns the new UTXOs. Errors: `AssetUnknown`, `AssetPaused`, `FundsInsufficient`, `PostBalanceOverflow`.
 */
export function convert(context: CallContext, conversion: Conversion): readonly Utxo[] {
  const { owner, asset, inputs, fromAccount, outputs, toAccounts } = conversion
  assert(!context.readOnly, 'a view writes nothing')
  assert(
    sum(inputs) + fromAccount === sum(outputs) + sum(toAccounts),
    'a conversion gives as much as it takes',
  )
  requireMovable(context, asset)
  debit(context, owner, asset, fromAccount)
  for (const input of inputs) {
    assert(equalBytes(input.owner, owner) && input.asset === asset, 'inputs are of one owner and asset')
    chargeGas(context.meter, gasPrices.rowWrite)
    context.overlay.spendUtxo(input.id)
  }
  for (const { owner: payee, amount } of toAccounts) credit(context, payee, asset, amount)
  return outputs.map((output) => {
    assert(output.amount > 0n && output.amount <= maxAmount, 'an output holds an amount above zero')
    chargeGas(context.meter, gasPrices.rowWrite + gasPrices.hash)
    const id = idOf(context, context.effects.uniqueIds++)
    const utxo = { id, owner: output.owner, asset, amount: output.amount, height: context.block.height }
    context.overlay.createUtxo(utxo)
    return utxo
  })
}
