import { type Address, type AssetId, assert, fail, maxAmount } from '@banyan/base'
import type { Asset } from '../state/view.js'
import type { Execution } from './context.js'
import { assetOf, credit, debit, requireMovable } from './funds.js'
import { chargeGas, gasPrices } from './gas.js'
import { textLength } from './text.js'

/** Adds an asset without supply and returns its number. Names and symbols have at most 31 bytes. */
export function create(execution: Execution, asset: Omit<Asset, 'supply'>): AssetId {
  assert(!execution.readOnly, 'a view writes nothing')
  assert(textLength(asset.name) <= 31 && textLength(asset.symbol) <= 31, 'asset texts fit their fields')
  assert(asset.cap <= maxAmount, 'a cap is an amount')
  chargeGas(execution.meter, 2 * gasPrices.rowWrite)
  return execution.overlay.createAsset({ ...asset, supply: 0n })
}

/** Changes what may change after creation. Name, cap, decimals and supply may not. */
export function update(
  execution: Execution,
  id: AssetId,
  change: Partial<Pick<Asset, 'issuer' | 'flags' | 'metadataHash'>>,
): void {
  assert(!execution.readOnly, 'a view writes nothing')
  chargeGas(execution.meter, gasPrices.rowWrite)
  execution.overlay.setAsset(id, { ...assetOf(execution, id), ...change })
}

function setSupply(execution: Execution, id: AssetId, asset: Asset, supply: bigint): void {
  assert(!execution.readOnly, 'a view writes nothing')
  chargeGas(execution.meter, gasPrices.rowWrite)
  execution.overlay.setAsset(id, { ...asset, supply })
}

/** New supply to `to`. Errors: `AssetUnknown`, `AssetPaused`, `ExecutionReverted` above the cap. */
export function mint(execution: Execution, to: Address, id: AssetId, amount: bigint): void {
  requireMovable(execution, id)
  const asset = assetOf(execution, id)
  if (asset.supply + amount > asset.cap) fail('ExecutionReverted', { reason: 'supply above the cap' })
  setSupply(execution, id, asset, asset.supply + amount)
  credit(execution, to, id, amount)
}

/** Ends supply held by `from`. Errors: `AssetUnknown`, `AssetPaused`, `FundsInsufficient`. */
export function burn(execution: Execution, from: Address, id: AssetId, amount: bigint): void {
  requireMovable(execution, id)
  const asset = assetOf(execution, id)
  debit(execution, from, id, amount)
  setSupply(execution, id, asset, asset.supply - amount)
}
