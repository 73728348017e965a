import { type Address, asHash, concatBytes, type Hash, uintToBe, utf8 } from '@banyan/base'
import { assetAddress } from '@banyan/contracts'
import { type CryptoProvider, ed25519Address } from '@banyan/crypto'
import { type Log, type Package, packageItem, packageItemLength, type Transfer } from '@banyan/ledger'

/** The logs that transfers and packages do not store because they follow from the transaction: docs/formats.md "Receipts". */

const resultBytes = 32
const notApplied = 0xff

/** ERC-20's `Transfer` of the asset for a transfer that succeeded. */
export function transferEvents(provider: CryptoProvider, transfer: Transfer): readonly Log[] {
  const payer = ed25519Address(provider, transfer.payerKey)
  return [movement(provider, transfer, payer, transfer.payee, transfer.amount)]
}

/**
 * ERC-20's `Transfer` for each item of a package that was applied. `results` are those of the block, 32 bytes per item;
 * `addressOf` gives the address of an account number.
 */
export function packageEvents(
  provider: CryptoProvider,
  tx: Package,
  results: Uint8Array,
  addressOf: (account: number) => Address,
): readonly Log[] {
  const logs: Log[] = []
  for (let index = 0; index * packageItemLength < tx.items.length; index++) {
    if (!isApplied(results, index)) continue
    const { payer, payee, amount } = packageItem(tx.items, index)
    logs.push(movement(provider, tx, addressOf(payer), addressOf(payee), amount))
  }
  return logs
}

/** The first half of a result is the payer's balance, or 2^128 - 1 if the item was left out. */
function isApplied(results: Uint8Array, index: number): boolean {
  const start = index * resultBytes
  return results.subarray(start, start + 16).some((byte) => byte !== notApplied)
}

function movement(
  provider: CryptoProvider,
  { asset }: Pick<Transfer, 'asset'>,
  from: Address,
  to: Address,
  amount: bigint,
): Log {
  const topics = [transferTopic(provider), topicOf(from), topicOf(to)]
  return { address: assetAddress(asset), topics, data: uintToBe(amount, 32) }
}

let cachedTopic: Hash | undefined

function transferTopic(provider: CryptoProvider): Hash {
  cachedTopic ??= provider.keccak256(utf8('Transfer(address,address,uint256)'))
  return cachedTopic
}

function topicOf(address: Address): Hash {
  return asHash(concatBytes(new Uint8Array(12), address))
}
