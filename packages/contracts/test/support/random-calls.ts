import { type Address, asAddress, asHash, toHex } from '@banyan/base'
import {
  accountAbi,
  factoryAbi,
  pricesAbi,
  tokenAbi,
  utxoAbi,
  validatorRows,
  validatorsAbi,
} from '@banyan/contracts'
import { native } from '@banyan/crypto/native'
import type { AbiFunction, AbiParameter, ContractAbi } from '@banyan/ledger'
import { addresses, addressOf, type Chain, callData, hashOfNumber, host } from './chain.js'

export type RandomCall = {
  readonly label: string
  readonly caller: Address
  readonly to: Address
  readonly data: Uint8Array
  readonly value: bigint
}

export const actors = [1, 2, 3, 4].map(addressOf)

/** Keys of validators, with proof of possession. */
const votingKeys = Array.from({ length: 24 }, (_, i) => {
  const secret = new Uint8Array(32).fill(i + 1)
  return {
    ed25519Key: new Uint8Array(32).fill(0x80 + i),
    blsKey: native.bls.publicKey(secret),
    possession: native.bls.provePossession(secret),
  }
})

/** Makes the first actor the owner of the registry of validators, and the second its only member. */
export function startRegistry(chain: Chain): void {
  const [owner, account] = actors as [Address, Address]
  const { ed25519Key, blsKey } = votingKeys[0]!
  const storage = validatorRows(host.crypto.sha256, owner, [{ account, weight: 1n, ed25519Key, blsKey }])
  chain.state.apply({ accounts: [], balances: [], storage, utxos: [], assets: [] })
}

const functionsOf = (abi: ContractAbi) => abi.filter((item): item is AbiFunction => item.type === 'function')

type Pick = (bound: number) => number

/** Calls with plausible and edge-case arguments to all methods of all contracts. Inputs are never of somebody else. */
export function randomCalls(chain: Chain, faces: readonly Address[], pick: Pick): () => RandomCall {
  const oneOf = <Item>(items: readonly Item[]): Item => items[pick(items.length)]!
  const zero = asAddress(new Uint8Array(20))

  const randomAddress = (): Address =>
    pick(12) === 0 ? oneOf([zero, addresses.fig, addresses.utxo, addressOf(99)]) : oneOf(actors)

  const ownInput = (caller: Address): Uint8Array => {
    const own = [...chain.state.utxos.values()].filter(({ owner }) => toHex(owner) === toHex(caller))
    return own.length === 0 || pick(12) === 0 ? hashOfNumber(pick(5)) : oneOf(own).id
  }

  const amount = (): bigint => BigInt(oneOf([0, 1, pick(40), pick(400), 5_000]))

  const integer = (parameter: AbiParameter): bigint => {
    const { name, type } = parameter
    if (name === 'asset') return BigInt(pick(faces.length + 1))
    if (name === 'flags') return BigInt(oneOf([7, 7, 1, 2, 4, 0, 8]))
    if (name === 'threshold') return BigInt(1 + pick(2))
    if (name === 'index') return BigInt(pick(3))
    if (name === 'day' || name === 'fromDay') return BigInt(pick(400))
    if (name === 'mode') return BigInt(pick(4))
    if (name === 'limit') return BigInt(pick(300))
    if (name === 'delay') return oneOf([100n, 150n, 1n])
    if (name === 'validUntil') return chain.block.height + oneOf([5n, 500n])
    if (name === 'deadline') return 2n ** 40n
    if (type === 'uint256' && pick(20) === 0) return 2n ** 256n - 1n
    return type === 'uint8' ? BigInt(pick(30)) : amount()
  }

  const randomValue = (parameter: AbiParameter, caller: Address): unknown => {
    const { name, type } = parameter
    if (type.endsWith('[]')) {
      const item = { ...parameter, type: type.slice(0, -2) }
      return Array.from({ length: pick(4) }, () => randomValue(item, caller))
    }
    if (type === 'tuple') {
      const fields = parameter.components!
      return Object.fromEntries(fields.map((field) => [field.name!, randomValue(field, caller)]))
    }
    if (type === 'address') return randomAddress()
    if (type === 'bytes32')
      return name === 'inputs' || name === 'id' ? ownInput(caller) : hashOfNumber(pick(9))
    if (type === 'bool') return pick(2) === 1
    if (type === 'string') return oneOf(['Fir', 'Oak', 'a name with more than thirty-one bytes'])
    if (type.startsWith('bytes')) return new Uint8Array(pick(40))
    const value = integer(parameter)
    return Number(type.slice(4)) <= 48 ? Number(value) : value
  }

  return () => {
    if (pick(20) === 0) {
      const value = BigInt(pick(200))
      const data = new Uint8Array(0)
      return { label: 'payment', caller: oneOf(actors), to: randomAddress(), data, value }
    }
    const [name, abi, to] = oneOf([
      ['token', tokenAbi, oneOf([addresses.fig, ...faces])],
      ['token', tokenAbi, oneOf([addresses.fig, ...faces])],
      ['factory', factoryAbi, addresses.factory],
      ['account', accountAbi, addresses.account],
      ['utxo', utxoAbi, addresses.utxo],
      ['utxo', utxoAbi, addresses.utxo],
      ['validators', validatorsAbi, addresses.validators],
      ['prices', pricesAbi, addresses.prices],
    ] as const)
    const method = oneOf(functionsOf(abi))
    // The registry and the prices obey one owner, who hardly ever changes.
    const isOwned = name === 'validators' || name === 'prices'
    const caller = isOwned && pick(2) === 0 ? actors[0]! : oneOf(actors)
    const args = Object.fromEntries(method.inputs.map((input) => [input.name!, randomValue(input, caller)]))
    const heir = method.name === 'setOwner' && pick(8) > 0 ? { owner: actors[0]! } : {}
    const spending = method.name === 'spend' ? balanced(chain, caller, pick) : undefined
    const keys = 'blsKey' in args ? oneOf(votingKeys) : {}
    const data = callData(abi, method.name, spending ?? { ...args, ...keys, ...heir })
    return { label: `${name}.${method.name}`, caller, to, data, value: 0n }
  }
}

/** A spend that fits the caller's UTXOs, so that it usually succeeds. */
function balanced(chain: Chain, owner: Address, pick: Pick): Readonly<Record<string, unknown>> | undefined {
  const own = [...chain.state.utxos.values()].filter((utxo) => toHex(utxo.owner) === toHex(owner))
  if (own.length === 0 || pick(4) === 0) return undefined
  const { asset } = own[pick(own.length)]!
  const inputs = own.filter((utxo) => utxo.asset === asset).slice(0, 1 + pick(3))
  const total = inputs.reduce((sum, utxo) => sum + utxo.amount, 0n)
  const half = total / 2n
  const share = (amount: bigint) => (amount === 0n ? [] : [{ owner: actors[pick(4)]!, amount }])
  const ids = inputs.map(({ id }) => asHash(id))
  const part = { asset, inputs: ids, fromAccount: 0n, outputs: share(half), toAccounts: share(half / 2n) }
  return { parts: [part] }
}
