import { type Address, asAddress, asHeight, type Hex, toHex } from '@banyan/base'
import { assetAddress, contractAddress, factoryAbi, genesisCollection } from '@banyan/contracts'
import {
  type BlockContext,
  type CallOutcome,
  type ContractAbi,
  callKeys,
  createOverlay,
  executeCall,
  type Host,
  keysCover,
} from '@banyan/ledger'
import {
  callData,
  fundedState,
  type MemoryState,
  requestOf,
  testBlock,
  testCrypto,
} from '@banyan/testing/contract-calls'
import * as AbiFunction from 'ox/AbiFunction'

export { addressOf, hashOfNumber } from '@banyan/testing/contract-calls'
export { callData }

export const host: Host = { collection: genesisCollection, crypto: testCrypto }

export const addresses = {
  fig: assetAddress(0 as never),
  factory: contractAddress('banyan/factory'),
  account: contractAddress('banyan/account'),
  utxo: contractAddress('banyan/utxo'),
  validators: contractAddress('banyan/validators'),
  prices: contractAddress('banyan/prices'),
}

export type Args = Readonly<Record<string, unknown>>

/** One contract call at a time on a state in memory, each applied like a block of its own. */
export type Chain = {
  readonly state: MemoryState
  readonly block: BlockContext
  readonly advance: (blocks: bigint) => void
  readonly send: (caller: Address, to: Address, data: Uint8Array, value?: bigint) => CallOutcome
  /** Whether the declared keys of every call so far covered what it touched, or were unknown. */
  readonly uncovered: readonly string[]
}

export function createChain(owners: readonly (readonly [Address, bigint])[]): Chain {
  const state = fundedState(owners)
  const uncovered: string[] = []
  let block = testBlock
  return {
    state,
    uncovered,
    get block() {
      return block
    },
    advance: (blocks) => {
      const height = asHeight(block.height + blocks)
      block = { ...block, height, timestamp: block.timestamp + blocks * 1_000n }
    },
    send: (caller, to, data, value = 0n) => {
      const overlay = createOverlay(state)
      const request = requestOf({ caller, to, data, value, block })
      const outcome = executeCall(host, overlay, request)
      const keys = callKeys(host, request)
      if (keys !== undefined && !keysCover(keys, overlay.access)) uncovered.push(toHex(data))
      if (outcome.success) state.apply(overlay.writeSet())
      return outcome
    },
  }
}

/** Calls of one contract by method name. */
export function contractAt(chain: Chain, abi: ContractAbi, to: Address) {
  return (caller: Address, name: string, args: Args = {}, value = 0n): CallOutcome =>
    chain.send(caller, to, callData(abi, name, args), value)
}

/** Decoded result of a call that must have succeeded. */
export function resultOf(abi: ContractAbi, name: string, outcome: CallOutcome): unknown {
  if (!outcome.success) throw new Error(`${name} failed: ${outcome.error?.reason}`)
  const item = abi.find((entry) => entry.type === 'function' && entry.name === name)
  const options = { checksumAddress: false }
  return AbiFunction.decodeResult(item as AbiFunction.AbiFunction, toHex(outcome.returnData), options)
}

export type Creation = {
  readonly name: string
  readonly symbol: string
  readonly decimals: number
  readonly initialSupply: bigint
  readonly cap: bigint
  readonly flags: number
  readonly metadataHash: Uint8Array
}

export const usualCreation: Creation = {
  name: 'Olive',
  symbol: 'OLV',
  decimals: 6,
  initialSupply: 1_000n,
  cap: 5_000n,
  flags: 7,
  metadataHash: new Uint8Array(32).fill(9),
}

/** Creates an asset and returns its address. */
export function createAsset(chain: Chain, issuer: Address, creation: Partial<Creation> = {}): Address {
  const args = { ...usualCreation, ...creation }
  const outcome = contractAt(chain, factoryAbi, addresses.factory)(issuer, 'create', args)
  const address = resultOf(factoryAbi, 'create', outcome) as Hex
  return asAddress(Uint8Array.from(Buffer.from(address.slice(2), 'hex')))
}
