import { type AbiFunction, type ContractAbi, encodeCall } from '@banyan/ledger'

/** Call data by method name. */
export function callData(
  abi: ContractAbi,
  name: string,
  args: Readonly<Record<string, unknown>>,
): Uint8Array {
  const method = abi.find((item): item is AbiFunction => item.type === 'function' && item.name === name)
  if (method === undefined) throw new Error(`the ABI has no method ${name}`)
  return encodeCall(method, args)
}
