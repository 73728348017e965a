import { type Address, fail, fig, toHex } from '@banyan/base'
import { decodeArguments, encodeResult } from './abi.js'
import type { AbiFunction } from './abi-types.js'
import type { Collection } from './collection.js'
import type { CallContext } from './context.js'
import type { AnyMethod, Contract } from './contract.js'
import { move } from './funds.js'
import { chargeGas, gasPrices } from './gas.js'

/** What call data name: contract, method and arguments. */
export type Target = {
  readonly contract: Contract
  readonly item: AbiFunction
  readonly method: AnyMethod
  readonly args: Readonly<Record<string, unknown>>
}

/** Where a call goes and what it brings. */
export type Destination = { readonly to: Address; readonly value: bigint; readonly data: Uint8Array }

/**
 * Finds and decodes the target of a call, `undefined` for a plain payment to an account.
 * Errors: `ContractUnknown`, `MethodUnknown`, `CallDataMalformed`, `ValueRefused`.
 */
export function resolveTarget(collection: Collection, call: Destination): Target | undefined {
  const entry = collection.at(call.to)
  if (entry === undefined) {
    if (call.data.length > 0) fail('ContractUnknown', { address: toHex(call.to) })
    return undefined
  }
  const { contract, methods } = entry
  const selector = toHex(call.data.subarray(0, 4))
  const found = methods.get(selector)
  if (found === undefined) fail('MethodUnknown', { contract: toHex(call.to), selector })
  const { item, method } = found
  const args = decodeArguments(item, call.data.subarray(4))
  if (call.value > 0n && item.stateMutability !== 'payable') fail('ValueRefused', { method: item.name })
  return { contract, item, method, args }
}

/** The context of a call but for what its target decides. */
export type Frame = Omit<CallContext, 'contract' | 'self' | 'value'>

/** Runs one call: pays the value, then runs the method. Returns its return data; throws what `callFailure` reads. */
export function enter(frame: Frame, call: Destination): Uint8Array {
  const { to, value } = call
  chargeGas(frame.meter, gasPrices.call)
  const target = resolveTarget(frame.host.collection, call)
  if (target !== undefined) chargeGas(frame.meter, target.method.gas)
  if (value > 0n) move(frame, frame.caller, to, fig, value)
  if (target === undefined) return new Uint8Array(0)
  const { contract, item, method, args } = target
  const readOnly = frame.readOnly || item.stateMutability === 'view' || item.stateMutability === 'pure'
  return encodeResult(item, method.run({ ...frame, contract, self: to, value, readOnly }, args))
}
