import { asAddress, asAssetId, asChainId, asHash, asHeight } from '@banyan/base'
import type { AbiFunction, AbiParameter, Collection, Contract, KeyContext } from '@banyan/ledger'
import { assetAddress } from './addresses.js'

/** What the first letter of an access key stands for. */
const kindNames: Readonly<Record<string, string>> = {
  a: 'account',
  b: 'balance',
  s: 'storage',
  l: 'UTXO list',
  u: 'UTXO id',
  x: 'asset',
  n: 'asset count',
}

/** Arguments of zeros with one item per list: keys differ by argument, their kinds do not. */
function sample(parameter: AbiParameter): unknown {
  const { type } = parameter
  if (type.endsWith('[]')) return [sample({ ...parameter, type: type.slice(0, -2) })]
  if (type === 'tuple') return sampleRecord(parameter.components!)
  if (type === 'address') return asAddress(new Uint8Array(20))
  if (type === 'bool') return false
  if (type === 'string') return ''
  if (type.startsWith('bytes')) return new Uint8Array(Number(type.slice(5)))
  return Number(type.slice(4)) <= 48 ? 1 : 1n
}

function sampleRecord(parameters: readonly AbiParameter[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(parameters.map((parameter) => [parameter.name!, sample(parameter)]))
}

/** Only kinds are wanted, so hashes may be zero. */
const noHash = () => asHash(new Uint8Array(32))

function sampleContext(collection: Collection, contract: Contract): KeyContext {
  const nobody = asAddress(new Uint8Array(20))
  const crypto = {
    sha256: noHash,
    keccak256: noHash,
    recoverSecp256k1: () => undefined,
    verifyEd25519: () => false,
    verifyP256: () => false,
    verifyBlsPossession: () => false,
  }
  return {
    host: { collection, crypto },
    contract,
    block: { chainId: asChainId(0n), height: asHeight(0n), timestamp: 0n, proposer: nobody },
    transactionId: noHash(),
    callIndex: 0,
    caller: nobody,
    origin: nobody,
    self: contract.addressPrefix === undefined ? contract.address : assetAddress(asAssetId(1)),
    value: 0n,
  }
}

/** Kinds of keys that a method declares, for the documentation: `asset r, balance w`, or `unknown`. */
export function keyKinds(collection: Collection, contract: Contract, item: AbiFunction): string {
  const method = contract.methods[item.name]!
  const keys = method.keys(sampleContext(collection, contract), sampleRecord(item.inputs))
  if (keys === undefined) return 'unknown'
  const kinds = keys.map(({ key, write }) => `${kindNames[key[0]!]} ${write ? 'w' : 'r'}`)
  return [...new Set(kinds)].sort().join(', ')
}
