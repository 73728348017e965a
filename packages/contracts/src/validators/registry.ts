import { type Address, asAddress, concatBytes, leToUint, uintToLe } from '@banyan/base'
import {
  bindAbi,
  type CallContext,
  defineTable,
  hostCrypto,
  type RowOwner,
  type StateView,
  type StorageRow,
  tables,
} from '@banyan/ledger'
import { contractAddress, isZeroAddress } from '../addresses.js'
import { validatorsAbi } from './abi.js'

/** The tables of the registry, and reading and writing one validator. */

export const registry = bindAbi(validatorsAbi)
export const registryAddress = contractAddress('banyan/validators')

export const settings = defineTable({
  id: 1,
  name: 'settings',
  key: {},
  row: { owner: 'address', count: 'uint32', totalWeight: 'uint64' },
})

/** The members, without gaps: whoever is last takes the place of one that leaves. */
export const members = defineTable({
  id: 2,
  name: 'members',
  key: { index: 'uint32' },
  row: {
    account: 'address',
    weight: 'uint64',
    ed25519Key: 'bytes32',
    blsHead: 'bytes32',
    blsTail: 'uint128',
  },
})

/** Index of a member plus one; 0 for everybody else. */
export const places = defineTable({
  id: 3,
  name: 'places',
  key: { account: 'address' },
  row: { place: 'uint32' },
})

/** Hashes of all voting keys that were ever registered: none serves twice, so that old votes never count for others. */
export const usedKeys = defineTable({
  id: 4,
  name: 'usedKeys',
  key: { hash: 'bytes32' },
  row: { used: 'bool' },
})

export const maxValidators = 1_024
export const blsKeyBytes = 48
/** Weights are added as numbers. */
const maxTotalWeight = BigInt(Number.MAX_SAFE_INTEGER)

/** A member of the committee that takes office two epochs after the block that shows it here. */
export type ValidatorRecord = {
  readonly account: Address
  /** Voting power, 1 to 2^53 - 1. */
  readonly weight: bigint
  /** 32 bytes. */
  readonly ed25519Key: Uint8Array
  /** BLS12-381 G1, compressed, 48 bytes. */
  readonly blsKey: Uint8Array
}

type MemberRow = Omit<ValidatorRecord, 'blsKey'> & { readonly blsHead: Uint8Array; readonly blsTail: bigint }

function rowOf({ blsKey, ...rest }: ValidatorRecord): MemberRow {
  return { ...rest, blsHead: blsKey.slice(0, 32), blsTail: leToUint(blsKey.subarray(32)) }
}

function recordOf({ blsHead, blsTail, ...rest }: MemberRow): ValidatorRecord {
  return { ...rest, blsKey: concatBytes(blsHead, uintToLe(blsTail, blsKeyBytes - blsHead.length)) }
}

export function memberAt(context: CallContext, index: number): ValidatorRecord {
  return recordOf(tables.get(context, members, { index }))
}

export function setMember(context: CallContext, index: number, record: ValidatorRecord | undefined): void {
  const zero = { account: asAddress(new Uint8Array(20)), weight: 0n, ed25519Key: new Uint8Array(32) }
  const row = record === undefined ? { ...zero, blsHead: new Uint8Array(32), blsTail: 0n } : rowOf(record)
  tables.set(context, members, { index }, row)
}

/** Index of a member. Reverts with NotValidator. */
export function indexOf(context: CallContext, account: Address): number {
  const { place } = tables.get(context, places, { account })
  return place > 0 ? place - 1 : registry.revertWith('NotValidator', { account })
}

/** The settings with another total weight. Reverts with WeightInvalid where it is out of bounds. */
export function changeWeight(context: CallContext, removed: bigint, added: bigint): void {
  const current = tables.get(context, settings, {})
  const totalWeight = current.totalWeight - removed + added
  if (totalWeight > maxTotalWeight) registry.revertWith('WeightInvalid', { weight: added })
  tables.set(context, settings, {}, { ...current, totalWeight })
}

/** Marks both keys as used. Reverts with KeyUsed, or PossessionUnproven if the BLS key is not shown to be the caller's. */
export function claimKeys(
  context: CallContext,
  keys: Pick<ValidatorRecord, 'ed25519Key' | 'blsKey'> & { readonly possession: Uint8Array },
): void {
  const { ed25519Key, blsKey, possession } = keys
  if (!hostCrypto.verifyBlsPossession(context, blsKey, possession))
    registry.revertWith('PossessionUnproven', {})
  for (const key of [ed25519Key, blsKey]) {
    const hash = hostCrypto.sha256(context, key)
    if (tables.get(context, usedKeys, { hash }).used) registry.revertWith('KeyUsed', {})
    tables.set(context, usedKeys, { hash }, { used: true })
  }
}

/** All members in their order, as a state shows them. */
export function readValidators(
  view: Pick<StateView, 'storage'>,
  sha256: RowOwner['sha256'],
): readonly ValidatorRecord[] {
  const owner = { address: registryAddress, sha256 }
  const { count } = tables.read(owner, view, settings, {})
  return Array.from({ length: count }, (_, index) => recordOf(tables.read(owner, view, members, { index })))
}

/** Storage rows of a genesis that starts with these members. The owner adds and removes members later. */
export function validatorRows(
  sha256: RowOwner['sha256'],
  owner: Address,
  records: readonly ValidatorRecord[],
): readonly StorageRow[] {
  const self = { address: registryAddress, sha256 }
  const totalWeight = records.reduce((sum, { weight }) => sum + weight, 0n)
  return [
    ...tables.rowsOf(self, settings, {}, { owner, count: records.length, totalWeight }),
    ...records.flatMap((record, index) => [
      ...tables.rowsOf(self, members, { index }, rowOf(record)),
      ...tables.rowsOf(self, places, { account: record.account }, { place: index + 1 }),
      ...[record.ed25519Key, record.blsKey].flatMap((key) =>
        tables.rowsOf(self, usedKeys, { hash: sha256(key) }, { used: true }),
      ),
    ]),
  ]
}

export function requireAccount(account: Address): void {
  if (isZeroAddress(account)) registry.revertWith('NotValidator', { account })
}
