import type { Hex } from '@banyan/base'
import type * as Abi from 'ox/Abi'
import * as AbiError from 'ox/AbiError'
import * as AbiFunction from 'ox/AbiFunction'
import type { Client } from './client.js'
import { clientError } from './errors.js'
import { requireAddress } from './hex.js'
import type { Options } from './http.js'
import { rpc } from './rpc.js'
import type { Call, SendOptions } from './send/request.js'
import { type Sending, send } from './send/send.js'

/** Contracts by their ABI (`parseAbi` of viem and `Abi.from` of ox make one; Solidity's JSON is one). Names must be unique in it. */

type FunctionOf<TAbi extends Abi.Abi, Name extends AbiFunction.Name<TAbi>> = AbiFunction.FromAbi<TAbi, Name>

type Given<TAbi extends Abi.Abi, Name extends AbiFunction.Name<TAbi>> = Extract<
  AbiFunction.encodeData.Args<FunctionOf<TAbi, Name>>,
  readonly [unknown]
>

type ArgumentsOf<TAbi extends Abi.Abi, Name extends AbiFunction.Name<TAbi>> = [Given<TAbi, Name>] extends [
  never,
]
  ? { readonly args?: readonly [] }
  : { readonly args: Given<TAbi, Name>[0] }

/** A function of an ABI with its arguments. */
export type FunctionCall<TAbi extends Abi.Abi, Name extends AbiFunction.Name<TAbi>> = {
  readonly abi: TAbi
  readonly name: Name
} & ArgumentsOf<TAbi, Name>

export type ResultOf<
  TAbi extends Abi.Abi,
  Name extends AbiFunction.Name<TAbi>,
> = AbiFunction.decodeResult.ReturnType<FunctionOf<TAbi, Name>>

/** Call data. Errors: CallUnknown, ArgumentInvalid. */
export function encodeCall<const TAbi extends Abi.Abi, Name extends AbiFunction.Name<TAbi>>(
  call: FunctionCall<TAbi, Name>,
): Hex {
  const item = functionOf(call.abi, call.name)
  try {
    const { args } = call as { readonly args?: readonly unknown[] }
    return AbiFunction.encodeData(item, ...(args === undefined || args.length === 0 ? [] : [args]))
  } catch (cause) {
    throw clientError('ArgumentInvalid', { argument: 'args', reason: firstLine(cause) }, cause)
  }
}

/** Error: CallUnknown. */
function functionOf(abi: Abi.Abi, name: string): AbiFunction.AbiFunction {
  const found = abi.find((item) => item.type === 'function' && item.name === name)
  if (found?.type !== 'function') throw clientError('CallUnknown', { what: 'function', name })
  return found
}

function firstLine(cause: unknown): string {
  return String((cause as { readonly message?: unknown } | null)?.message ?? cause).split('\n', 1)[0]!
}

/**
 * Result of a function on the state after the newest final block; nothing changes. Errors: CallUnknown, ArgumentInvalid,
 * ExecutionReverted with the returned bytes in `details.data`, those of `ask`.
 */
export async function readContract<const TAbi extends Abi.Abi, Name extends AbiFunction.Name<TAbi>>(
  client: Client,
  request: FunctionCall<TAbi, Name> & Options & { readonly address: Hex; readonly from?: Hex },
): Promise<ResultOf<TAbi, Name>> {
  const { abi, name, address, from, signal } = request
  const call = {
    to: requireAddress(address, 'address'),
    input: encodeCall(request),
    ...(from && { from: requireAddress(from, 'from') }),
  }
  const result = await rpc(client, 'eth_call', [call, 'latest'], { signal })
  try {
    const item = functionOf(abi, name)
    return AbiFunction.decodeResult(item, result as Hex) as ResultOf<TAbi, Name>
  } catch (cause) {
    throw clientError('AnswerStrange', { url: client.url, reason: `no result of ${name}` }, cause)
  }
}

/** One call for `send`. Errors: CallUnknown, ArgumentInvalid. */
export function contractCall<const TAbi extends Abi.Abi, Name extends AbiFunction.Name<TAbi>>(
  request: FunctionCall<TAbi, Name> & { readonly address: Hex; readonly value?: bigint },
): Call {
  const { address, value } = request
  return { to: address, data: encodeCall(request), ...(value !== undefined && { value }) }
}

/** Sends one call. Throws CallUnknown and ArgumentInvalid at once; other errors as for `send`. */
export function callContract<const TAbi extends Abi.Abi, Name extends AbiFunction.Name<TAbi>>(
  client: Client,
  request: FunctionCall<TAbi, Name> & SendOptions & { readonly address: Hex; readonly value?: bigint },
): Sending {
  const { account, sponsor, tip, signal } = request
  return send(client, {
    calls: [contractCall(request)],
    signal,
    ...(account && { account }),
    ...(sponsor !== undefined && { sponsor }),
    ...(tip !== undefined && { tip }),
  })
}

/** Name and arguments of the error that a contract gave back (`details.data`); `undefined` if it is none of the ABI. */
export function decodeRevert(
  abi: Abi.Abi,
  data: Hex,
): { readonly name: string; readonly args: unknown } | undefined {
  const selector = data.slice(0, 10)
  const found = abi.find((item) => item.type === 'error' && AbiError.getSelector(item) === selector)
  if (found?.type !== 'error') return undefined
  return { name: found.name, args: AbiError.decode(found, data) }
}
