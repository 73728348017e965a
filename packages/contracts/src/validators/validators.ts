import { type Address, equalBytes } from '@banyan/base'
import { type CallContext, defineContract, tables } from '@banyan/ledger'
import { validatorsAbi } from './abi.js'
import {
  changeWeight,
  claimKeys,
  indexOf,
  maxValidators,
  memberAt,
  members,
  places,
  registry,
  registryAddress,
  requireAccount,
  setMember,
  settings,
  usedKeys,
  type ValidatorRecord,
} from './registry.js'

type Keys = { readonly ed25519Key: Uint8Array; readonly blsKey: Uint8Array; readonly possession: Uint8Array }

function requireOwner(context: CallContext): void {
  const { caller } = context
  if (!equalBytes(tables.get(context, settings, {}).owner, caller))
    registry.revertWith('NotOwner', { caller })
}

function requireWeight(weight: bigint): void {
  if (weight === 0n) registry.revertWith('WeightInvalid', { weight })
}

function add(
  context: CallContext,
  args: { readonly account: Address; readonly weight: bigint } & Keys,
): void {
  requireOwner(context)
  const { account, weight, ed25519Key, blsKey } = args
  requireAccount(account)
  requireWeight(weight)
  if (tables.get(context, places, { account }).place > 0) registry.revertWith('AlreadyValidator', { account })
  claimKeys(context, args)
  const current = tables.get(context, settings, {})
  if (current.count >= maxValidators) registry.revertWith('TooMany', { limit: maxValidators })
  setMember(context, current.count, { account, weight, ed25519Key, blsKey })
  tables.set(context, places, { account }, { place: current.count + 1 })
  tables.set(context, settings, {}, { ...current, count: current.count + 1 })
  changeWeight(context, 0n, weight)
  registry.emit(context, 'ValidatorAdded', { account, weight, ed25519Key, blsKey })
}

/** A validator may leave by itself; the owner may remove any. One always stays, or nobody could order blocks. */
function remove(context: CallContext, { account }: { readonly account: Address }): void {
  if (!equalBytes(context.caller, account)) requireOwner(context)
  const index = indexOf(context, account)
  const current = tables.get(context, settings, {})
  if (current.count === 1) registry.revertWith('LastValidator', {})
  const last = current.count - 1
  const { weight } = memberAt(context, index)
  if (index !== last) {
    const moved = memberAt(context, last)
    setMember(context, index, moved)
    tables.set(context, places, { account: moved.account }, { place: index + 1 })
  }
  setMember(context, last, undefined)
  tables.set(context, places, { account }, { place: 0 })
  tables.set(context, settings, {}, { ...current, count: last })
  changeWeight(context, weight, 0n)
  registry.emit(context, 'ValidatorRemoved', { account })
}

function setWeight(
  context: CallContext,
  { account, weight }: { readonly account: Address; readonly weight: bigint },
): void {
  requireOwner(context)
  requireWeight(weight)
  const index = indexOf(context, account)
  const member = memberAt(context, index)
  setMember(context, index, { ...member, weight })
  changeWeight(context, member.weight, weight)
  registry.emit(context, 'WeightSet', { account, weight })
}

function rotateKeys(context: CallContext, keys: Keys): void {
  const account = context.caller
  const index = indexOf(context, account)
  claimKeys(context, keys)
  const { ed25519Key, blsKey } = keys
  setMember(context, index, { ...memberAt(context, index), ed25519Key, blsKey })
  registry.emit(context, 'KeysRotated', { account, ed25519Key, blsKey })
}

function setOwner(context: CallContext, { owner }: { readonly owner: Address }): void {
  requireOwner(context)
  tables.set(context, settings, {}, { ...tables.get(context, settings, {}), owner })
  registry.emit(context, 'OwnerSet', { owner })
}

function validatorAt(context: CallContext, index: number): ValidatorRecord {
  const { count } = tables.get(context, settings, {})
  return index < count ? memberAt(context, index) : registry.revertWith('OutOfRange', { index })
}

/** Its rows depend on the state, so its calls run alone; they are rare. */
const keys = (): undefined => undefined

export const validatorsContract = defineContract({
  name: 'validators',
  summary:
    'Who votes on blocks: members with weight and voting keys. A change takes office two epochs after the epoch it is made in.',
  version: 1,
  address: registryAddress,
  abi: validatorsAbi,
  tables: [settings, members, places, usedKeys],
  methods: {
    add: { gas: 500, run: add, keys },
    remove: { gas: 500, run: remove, keys },
    setWeight: { gas: 300, run: setWeight, keys },
    rotateKeys: { gas: 500, run: rotateKeys, keys },
    setOwner: { gas: 100, run: setOwner, keys },
    owner: { gas: 100, run: (context) => tables.get(context, settings, {}).owner, keys },
    count: {
      gas: 100,
      run: (context) => {
        const { count, totalWeight } = tables.get(context, settings, {})
        return [count, totalWeight] as const
      },
      keys,
    },
    validatorAt: { gas: 100, run: (context, { index }) => validatorAt(context, index), keys },
    validatorOf: {
      gas: 100,
      run: (context, { account }) => memberAt(context, indexOf(context, account)),
      keys,
    },
  },
})
