import { type Address, asAddress, equalBytes, type Hash, utf8 } from '@banyan/base'
import { assetPrefix } from '@banyan/contracts'
import type { CryptoProvider } from '@banyan/crypto'
import type { Log } from '@banyan/ledger'

/** Whether a log comes from an asset's address: such logs are in nearly every block. */
export function isAssetAddress(address: Address): boolean {
  return equalBytes(address.subarray(0, assetPrefix.length), assetPrefix)
}

/** Asset number in the address of an asset. */
export function assetNumber(address: Address): number {
  return new DataView(address.buffer, address.byteOffset).getUint32(16)
}

export function transferTopic(provider: CryptoProvider): Hash {
  return provider.keccak256(utf8('Transfer(address,address,uint256)'))
}

const zeros = new Uint8Array(12)

/** The account that a topic names, if it has the form of one. */
export function topicAccount(topic: Hash): Address | undefined {
  return equalBytes(topic.subarray(0, 12), zeros) ? asAddress(topic.subarray(12)) : undefined
}

/** Payer and payee of an ERC-20 or ERC-721 `Transfer`; nobody for other logs. */
export function owners(transfer: Hash, { topics }: Log): readonly (Address | undefined)[] {
  const [event, from, to] = topics
  if (event === undefined || from === undefined || to === undefined || !equalBytes(event, transfer)) return []
  return [topicAccount(from), topicAccount(to)]
}
