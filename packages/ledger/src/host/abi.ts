import { asHash, concatBytes, fail, fromHex, type Hash, type Hex, toHex } from '@banyan/base'
import * as OxAbiEvent from 'ox/AbiEvent'
import * as OxAbiItem from 'ox/AbiItem'
import * as OxAbiParameters from 'ox/AbiParameters'
import type { AbiError, AbiEvent, AbiFunction, AbiParameter } from './abi-types.js'

/** Bytes of hex that the codec made. */
const bytesOf = (hex: string): Uint8Array => fromHex(hex) as Uint8Array

/** Host form of a value the codec decoded: addresses and byte strings become bytes. */
function toHost(parameter: AbiParameter, value: unknown): unknown {
  const { type } = parameter
  if (type.endsWith('[]')) {
    const item = { ...parameter, type: type.slice(0, -2) }
    return (value as readonly unknown[]).map((element) => toHost(item, element))
  }
  if (type === 'tuple') {
    const record = value as Readonly<Record<string, unknown>>
    return toRecord(
      parameter.components!,
      parameter.components!.map(({ name }) => record[name!]),
    )
  }
  return type === 'address' || type.startsWith('bytes') ? bytesOf(value as string) : value
}

function fromHost(parameter: AbiParameter, value: unknown): unknown {
  const { type } = parameter
  if (type.endsWith('[]')) {
    const item = { ...parameter, type: type.slice(0, -2) }
    return (value as readonly unknown[]).map((element) => fromHost(item, element))
  }
  if (type === 'tuple') {
    const record = value as Readonly<Record<string, unknown>>
    return Object.fromEntries(
      parameter.components!.map((component) => [
        component.name!,
        fromHost(component, record[component.name!]),
      ]),
    )
  }
  return value instanceof Uint8Array ? toHex(value) : value
}

function toRecord(
  parameters: readonly AbiParameter[],
  values: readonly unknown[],
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(parameters.map((parameter, i) => [parameter.name!, toHost(parameter, values[i])]))
}

/** Standard ABI encoding of values in host form. */
function encodeValues(parameters: readonly AbiParameter[], values: readonly unknown[]): Uint8Array {
  if (parameters.length === 0) return new Uint8Array(0)
  const raw = parameters.map((parameter, i) => fromHost(parameter, values[i]))
  return bytesOf(OxAbiParameters.encode(parameters as OxAbiParameters.AbiParameters, raw as never))
}

/** Values, or `undefined` unless `data` begins with the one standard encoding of them. Bytes beyond are ignored. */
function decodeStrictly(
  parameters: readonly AbiParameter[],
  data: Uint8Array,
): readonly unknown[] | undefined {
  if (parameters.length === 0) return []
  try {
    const options = { checksumAddress: false }
    const values = OxAbiParameters.decode(parameters as OxAbiParameters.AbiParameters, data, options)
    const encoded = OxAbiParameters.encode(parameters as OxAbiParameters.AbiParameters, values as never)
    return toHex(data.subarray(0, encoded.length / 2 - 1)) === encoded
      ? (values as readonly unknown[])
      : undefined
  } catch {
    // The codec throws on everything that is no encoding; its input is the caller's data and nothing else.
    return undefined
  }
}

/** Four-byte selector of a function or custom error, as hex. */
export function selectorOf(item: AbiFunction | AbiError): Hex {
  return OxAbiItem.getSelector(item as OxAbiItem.AbiItem)
}

/** Canonical text of an item, such as `transfer(address,uint256)`. */
export function signatureOf(item: AbiFunction | AbiEvent | AbiError): string {
  return OxAbiItem.getSignature(item as OxAbiItem.AbiItem)
}

/**
 * Arguments by name from call data after the selector. Refused are short data, dirty padding, values out of range,
 * text that is not UTF-8, and offsets other than the standard ones. Errors: `CallDataMalformed`.
 */
export function decodeArguments(method: AbiFunction, data: Uint8Array): Readonly<Record<string, unknown>> {
  const values = decodeStrictly(method.inputs, data)
  if (values === undefined) fail('CallDataMalformed', { method: method.name })
  return toRecord(method.inputs, values)
}

/** Call data: selector and encoded arguments. */
export function encodeCall(method: AbiFunction, args: Readonly<Record<string, unknown>>): Uint8Array {
  const values = method.inputs.map(({ name }) => args[name!])
  return concatBytes(bytesOf(selectorOf(method)), encodeValues(method.inputs, values))
}

/** Return data of a method: `result` is nothing, one value, or a tuple, as the ABI says. */
export function encodeResult(method: AbiFunction, result: unknown): Uint8Array {
  const values = method.outputs.length === 1 ? [result] : (result as readonly unknown[])
  return encodeValues(method.outputs, values)
}

/** Topic of an event: the hash of its signature. */
export function eventTopic(event: AbiEvent): Hash {
  return asHash(bytesOf(OxAbiEvent.getSelector(event as OxAbiEvent.AbiEvent)))
}

/** Topics after the first, and data of an event. Indexed parameters are of fixed size (the collection checks it). */
export function encodeEvent(
  event: AbiEvent,
  args: Readonly<Record<string, unknown>>,
): { readonly indexed: readonly Hash[]; readonly data: Uint8Array } {
  const indexed = event.inputs.filter((input) => input.indexed === true)
  const plain = event.inputs.filter((input) => input.indexed !== true)
  return {
    indexed: indexed.map((input) => asHash(encodeValues([input], [args[input.name!]]))),
    data: encodeValues(
      plain,
      plain.map(({ name }) => args[name!]),
    ),
  }
}

/** Return data of a custom error. */
export function encodeCustomError(error: AbiError, args: Readonly<Record<string, unknown>>): Uint8Array {
  const values = error.inputs.map(({ name }) => args[name!])
  return concatBytes(bytesOf(selectorOf(error)), encodeValues(error.inputs, values))
}

/** Solidity's `Error(string)`, as `require` with a reason returns it. */
const errorString: AbiError = { type: 'error', name: 'Error', inputs: [{ name: 'reason', type: 'string' }] }

export function encodeErrorString(reason: string): Uint8Array {
  return encodeCustomError(errorString, { reason })
}
