import { type Address, type AssetId, equalBytes } from '@banyan/base'
import {
  type Asset,
  assetFlags,
  assets,
  bindAbi,
  type CallContext,
  defineTable,
  funds,
  tables,
} from '@banyan/ledger'
import { assetAt, isZeroAddress, zeroAddress } from '../addresses.js'
import { tokenAbi } from './abi.js'

export const token = bindAbi(tokenAbi)

/** What a spender may still move of an owner's balance; 2^256 − 1 is without limit. */
export const allowances = defineTable({
  id: 1,
  name: 'allowances',
  key: { asset: 'uint32', owner: 'address', spender: 'address' },
  row: { value: 'uint256' },
})

/** Number of permits used, by asset and owner. */
export const permitNonces = defineTable({
  id: 2,
  name: 'permitNonces',
  key: { asset: 'uint32', owner: 'address' },
  row: { next: 'uint256' },
})

const unlimited = (1n << 256n) - 1n

/** The asset that was called. Errors: `AssetUnknown`. */
export function calledAsset(context: CallContext): { readonly id: AssetId; readonly asset: Asset } {
  const id = assetAt(context.self)
  return { id, asset: funds.assetOf(context, id) }
}

function requireUnpaused(asset: Asset): void {
  if ((asset.flags & assetFlags.paused) !== 0) token.revertWith('EnforcedPause', {})
}

function requireBalance(context: CallContext, from: Address, id: AssetId, value: bigint): void {
  const balance = funds.balanceOf(context, from, id)
  if (balance < value) token.revertWith('ERC20InsufficientBalance', { sender: from, balance, needed: value })
}

/** Moves tokens, with the checks, their order and the event of OpenZeppelin's ERC-20. */
export function transferTokens(context: CallContext, from: Address, to: Address, value: bigint): void {
  const { id, asset } = calledAsset(context)
  if (isZeroAddress(from)) token.revertWith('ERC20InvalidSender', { sender: from })
  if (isZeroAddress(to)) token.revertWith('ERC20InvalidReceiver', { receiver: to })
  requireUnpaused(asset)
  requireBalance(context, from, id, value)
  funds.move(context, from, to, id, value)
  token.emit(context, 'Transfer', { from, to, value })
}

/** Creates tokens up to the cap. */
export function mintTokens(context: CallContext, to: Address, value: bigint): void {
  const { id, asset } = calledAsset(context)
  if (isZeroAddress(to)) token.revertWith('ERC20InvalidReceiver', { receiver: to })
  requireUnpaused(asset)
  const increasedSupply = asset.supply + value
  if (increasedSupply > unlimited) token.revertWith('Panic', { code: 0x11n })
  if (increasedSupply > asset.cap) token.revertWith('ERC20ExceededCap', { increasedSupply, cap: asset.cap })
  assets.mint(context, to, id, value)
  token.emit(context, 'Transfer', { from: zeroAddress, to, value })
}

/** Ends tokens of an account, if the asset can be burned. */
export function burnTokens(context: CallContext, from: Address, value: bigint): void {
  const { id, asset } = calledAsset(context)
  if (isZeroAddress(from)) token.revertWith('ERC20InvalidSender', { sender: from })
  requireUnpaused(asset)
  requireBalance(context, from, id, value)
  assets.burn(context, from, id, value)
  token.emit(context, 'Transfer', { from, to: zeroAddress, value })
}

/** Sets an allowance and, where the standard asks for it, emits `Approval`. */
export function setAllowance(
  context: CallContext,
  owner: Address,
  spender: Address,
  value: bigint,
  event: 'emit' | 'silent',
): void {
  const { id } = calledAsset(context)
  if (isZeroAddress(owner)) token.revertWith('ERC20InvalidApprover', { approver: owner })
  if (isZeroAddress(spender)) token.revertWith('ERC20InvalidSpender', { spender })
  tables.set(context, allowances, { asset: id, owner, spender }, { value })
  if (event === 'emit') token.emit(context, 'Approval', { owner, spender, value })
}

/** Uses up part of an allowance; an unlimited one stays. */
export function spendAllowance(context: CallContext, owner: Address, spender: Address, value: bigint): void {
  const { id } = calledAsset(context)
  const allowance = tables.get(context, allowances, { asset: id, owner, spender }).value
  if (allowance === unlimited) return
  if (allowance < value) {
    token.revertWith('ERC20InsufficientAllowance', { spender, allowance, needed: value })
  }
  setAllowance(context, owner, spender, allowance - value, 'silent')
}

/** Errors unless the issuer calls. An asset without issuer obeys nobody. */
export function requireIssuer(context: CallContext, asset: Asset): void {
  if (isZeroAddress(asset.issuer) || !equalBytes(context.caller, asset.issuer)) {
    token.revertWith('OwnableUnauthorizedAccount', { account: context.caller })
  }
}

/** Errors unless the asset was created with a feature. */
export function requireFeature(asset: Asset, flag: number): void {
  if ((asset.flags & flag) === 0) token.revertWith('FeatureMissing', { flag })
}
