import { type Address, type AssetId, assert, fail, fig, maxAmount } from '@banyan/base'
import { type Asset, assetFlags } from '../state/view.js'
import type { Execution } from './context.js'
import { chargeGas, gasPrices } from './gas.js'
import { type AccountFields, emptyAccount } from './overlay.js'

/** The host guards funds: amounts, supply and overflow. Who may ask for a movement is for the contract to decide. */

function write(execution: Execution): void {
  assert(!execution.readOnly, 'a view writes nothing')
  chargeGas(execution.meter, gasPrices.rowWrite)
}

/** Account fields; those of an account without a row are zero. */
export function account(execution: Execution, address: Address): AccountFields {
  chargeGas(execution.meter, gasPrices.rowRead)
  return execution.overlay.account(address) ?? emptyAccount
}

/** Sets flags and delegate of an account. Funds and nonce stay. */
export function setAccountRules(
  execution: Execution,
  address: Address,
  rules: Partial<Pick<AccountFields, 'flags' | 'delegate'>>,
): void {
  write(execution)
  execution.overlay.setAccount(address, { ...account(execution, address), ...rules })
}

/** Number of an account, `undefined` if the state has no row for it yet. */
export function accountNumber(execution: Execution, address: Address): number | undefined {
  chargeGas(execution.meter, gasPrices.rowRead)
  return execution.overlay.accountNumber(address)
}

export function balanceOf(execution: Execution, owner: Address, asset: AssetId): bigint {
  chargeGas(execution.meter, gasPrices.rowRead)
  return asset === fig
    ? (execution.overlay.account(owner)?.balance ?? 0n)
    : execution.overlay.balance(owner, asset)
}

function setBalance(execution: Execution, owner: Address, asset: AssetId, amount: bigint): void {
  write(execution)
  const { overlay } = execution
  if (asset === fig)
    overlay.setAccount(owner, { ...(overlay.account(owner) ?? emptyAccount), balance: amount })
  else overlay.setBalance(owner, asset, amount)
}

/** Errors: `AssetUnknown`. */
export function assetOf(execution: Execution, asset: AssetId): Asset {
  chargeGas(execution.meter, gasPrices.rowRead)
  const found = execution.overlay.asset(asset)
  if (found === undefined) fail('AssetUnknown', { asset })
  return found
}

/** An asset that may move now; FIG always may. Errors: `AssetUnknown`, `AssetPaused`. */
export function requireMovable(execution: Execution, asset: AssetId): void {
  if (asset === fig) return
  if ((assetOf(execution, asset).flags & assetFlags.paused) !== 0) fail('AssetPaused', { asset })
}

/** Takes from a balance; what becomes of the amount is the host's own matter. Errors: `FundsInsufficient`. */
export function debit(execution: Execution, owner: Address, asset: AssetId, amount: bigint): void {
  const balance = balanceOf(execution, owner, asset)
  if (balance < amount) fail('FundsInsufficient', { balance, required: amount })
  if (amount > 0n) setBalance(execution, owner, asset, balance - amount)
}

/** Errors: `PostBalanceOverflow`. */
export function credit(execution: Execution, owner: Address, asset: AssetId, amount: bigint): void {
  const balance = balanceOf(execution, owner, asset) + amount
  if (balance > maxAmount) fail('PostBalanceOverflow')
  if (amount > 0n) setBalance(execution, owner, asset, balance)
}

/** Moves an amount between accounts. Errors: `AssetUnknown`, `AssetPaused`, `FundsInsufficient`, `PostBalanceOverflow`. */
export function move(execution: Execution, from: Address, to: Address, asset: AssetId, amount: bigint): void {
  requireMovable(execution, asset)
  debit(execution, from, asset, amount)
  credit(execution, to, asset, amount)
}
