import { type Address, addressLength, assert, toHex } from '@banyan/base'
import { selectorOf } from './abi.js'
import type { AbiFunction } from './abi-types.js'
import type { AnyMethod, Contract } from './contract.js'
import type { InterfaceName, Interfaces } from './interfaces.js'

const prefixLength = 16

type Entry = {
  readonly contract: Contract
  /** By selector in hex. */
  readonly methods: ReadonlyMap<string, { readonly item: AbiFunction; readonly method: AnyMethod }>
}

/** The contracts of a chain. A change of any of them is a new version. */
export type Collection = {
  readonly version: number
  readonly contracts: readonly Contract[]
  /** Contract that answers at an address, with its methods by selector. */
  readonly at: (address: Address) => Entry | undefined
  /** The one contract that offers a host feature, with the feature. */
  readonly implementing: <Name extends InterfaceName>(
    name: Name,
  ) => { readonly contract: Contract; readonly feature: Interfaces[Name] } | undefined
}

function entryOf(contract: Contract): Entry {
  const methods = new Map<string, { item: AbiFunction; method: AnyMethod }>()
  for (const item of contract.abi) {
    const named = item.inputs.every(({ name }) => name !== undefined && name !== '')
    assert(named, `${contract.name}: the inputs of ${item.name} have names`)
    if (item.type === 'event') {
      const indexed = item.inputs.filter((input) => input.indexed === true)
      const fixed = indexed.every(({ type }) => /^(address|bool|bytes\d+|uint\d+)$/.test(type))
      assert(
        indexed.length <= 3 && fixed,
        `${contract.name}: ${item.name} has at most 3 indexed inputs of fixed size`,
      )
    }
    if (item.type !== 'function') continue
    const method = contract.methods[item.name]
    const selector = selectorOf(item)
    assert(
      method !== undefined && !methods.has(selector),
      `${contract.name}: method ${item.name} exists once`,
    )
    methods.set(selector, { item, method })
  }
  const tableIds = new Set(contract.tables.map(({ id }) => id))
  assert(tableIds.size === contract.tables.length, `${contract.name}: table ids are unique`)
  return { contract, methods }
}

function startOf(address: Uint8Array): number {
  return address[0]! | (address[1]! << 8) | (address[2]! << 16)
}

/** Puts contracts together. Addresses, names and interfaces must not collide. Errors: `InvariantBroken`. */
export function createCollection(version: number, contracts: readonly Contract[]): Collection {
  const byAddress = new Map<string, Entry>()
  const byPrefix = new Map<string, Entry>()
  const features = new Map<InterfaceName, Contract>()
  /** How addresses and prefixes start: most accounts are not contracts, which is found out in no time. */
  const starts = new Set<number>()
  for (const contract of contracts) {
    starts.add(startOf(contract.address))
    if (contract.addressPrefix !== undefined) starts.add(startOf(contract.addressPrefix))
    const entry = entryOf(contract)
    const address = toHex(contract.address)
    assert(
      contract.address.length === addressLength && !byAddress.has(address),
      `${contract.name} has its own address`,
    )
    byAddress.set(address, entry)
    if (contract.addressPrefix !== undefined) {
      const prefix = toHex(contract.addressPrefix)
      assert(
        contract.addressPrefix.length === prefixLength && !byPrefix.has(prefix),
        'address prefixes are unique',
      )
      byPrefix.set(prefix, entry)
    }
    for (const name of Object.keys(contract.interfaces ?? {}) as InterfaceName[]) {
      assert(!features.has(name), `one contract offers ${name}`)
      features.set(name, contract)
    }
  }
  assert(new Set(contracts.map(({ name }) => name)).size === contracts.length, 'contract names are unique')

  return {
    version,
    contracts,
    at: (address) => {
      if (!starts.has(startOf(address))) return undefined
      const text = toHex(address)
      return byAddress.get(text) ?? byPrefix.get(text.slice(0, 2 + 2 * prefixLength))
    },
    implementing: (name) => {
      const contract = features.get(name)
      const feature = contract?.interfaces?.[name]
      return contract !== undefined && feature !== undefined ? { contract, feature } : undefined
    },
  }
}
