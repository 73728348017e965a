import { type Address, equalBytes, toHex } from '@banyan/base'
import {
  type AccessKey,
  bindAbi,
  type CallContext,
  defineTable,
  type KeyContext,
  tables,
} from '@banyan/ledger'
import { isZeroAddress, zeroAddress } from '../addresses.js'
import { accountAbi } from './abi.js'

export const accounts = bindAbi(accountAbi)

/** Lists of addresses that belong to an account, by purpose. */
export const lists = { signers: 1, guardians: 2 } as const

/** Most members of a list: the number of signatures that a transaction can carry. */
const maxMembers = 16

export const members = defineTable({
  id: 1,
  name: 'members',
  key: { account: 'address', list: 'uint8', index: 'uint8' },
  row: { member: 'address' },
})

/** Addresses are distinct and not zero, and the threshold is within their number. */
export function requireGroup(threshold: number, group: readonly Address[]): void {
  if (group.length > maxMembers)
    accounts.revertWith('TooMany', { what: 'members', limit: BigInt(maxMembers) })
  if (threshold === 0 || threshold > group.length) {
    accounts.revertWith('ThresholdInvalid', { threshold, members: BigInt(group.length) })
  }
  const seen = new Set<string>()
  for (const member of group) {
    if (isZeroAddress(member) || seen.has(toHex(member))) accounts.revertWith('MemberInvalid', { member })
    seen.add(toHex(member))
  }
}

/** Members of a list in order; it ends at the first empty place. */
export function readMembers(context: CallContext, account: Address, list: number): readonly Address[] {
  const found: Address[] = []
  for (let index = 0; index < maxMembers; index++) {
    const { member } = tables.get(context, members, { account, list, index })
    if (isZeroAddress(member)) break
    found.push(member)
  }
  return found
}

/** Replaces a list. */
export function writeMembers(
  context: CallContext,
  account: Address,
  list: number,
  group: readonly Address[],
): void {
  const previous = readMembers(context, account, list).length
  for (let index = 0; index < Math.max(previous, group.length); index++) {
    tables.set(context, members, { account, list, index }, { member: group[index] ?? zeroAddress })
  }
}

export function memberKeys(context: KeyContext, account: Address, list: number): AccessKey[] {
  return Array.from({ length: maxMembers }, (_, index) => index).flatMap((index) =>
    tables.writeKeys(context, members, { account, list, index }),
  )
}

export function includes(group: readonly Address[], address: Address): boolean {
  return group.some((member) => equalBytes(member, address))
}
