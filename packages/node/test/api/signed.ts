import { type AssetId, asAddress, asAssetId, asChainId, asHeight } from '@banyan/base'
import {
  encodeEthereum,
  encodePackage,
  encodeTransfer,
  packItems,
  signEthereum,
  signPackage,
  signTransfer,
} from '@banyan/ledger'
import { chainId, type InstantChain, people, provider, secrets, seeds, wallets } from './instant-chain.js'

let unique = 1n

export type TransferFields = {
  readonly amount?: bigint
  readonly asset?: AssetId
  readonly validUntil?: number
}

/** A transfer of the first person to the second. */
export function transferOf({ chain }: InstantChain, fields: TransferFields = {}): Uint8Array {
  const { id, header } = chain.head
  const transfer = {
    mark: id,
    payee: people[1]!,
    asset: fields.asset ?? asAssetId(0),
    nonce: unique++,
    amount: fields.amount ?? 1n,
    maxFee: 1_000_000,
    tip: 0,
    validUntil: asHeight(BigInt(fields.validUntil ?? header.height + 20)),
  }
  return encodeTransfer(signTransfer(provider, chain.domains.transfer, transfer, seeds[0]!))
}

/** A package of the first person, whose account is number 1, to the second. */
export function packageOf({ chain }: InstantChain, amounts: readonly bigint[]): Uint8Array {
  const fields = {
    mark: chain.head.id,
    nonce: unique++,
    validUntil: asHeight(BigInt(chain.head.header.height + 20)),
    asset: asAssetId(0),
    maxFee: 1_000_000,
    tip: 0,
    mode: 'perItem' as const,
    items: packItems(amounts.map((amount) => ({ payer: 1, payee: 2, amount }))),
  }
  return encodePackage(signPackage(provider, chain.domains.package, fields, seeds[0]!))
}

export type PaymentFields = { readonly wallet?: number; readonly nonce?: bigint }

/** A payment of a wallet, with its next nonce if none is given. */
export function ethereumPayment({ node }: InstantChain, fields: PaymentFields = {}): Uint8Array {
  const { wallet = 0 } = fields
  const unsigned = {
    type: 2,
    chainId: asChainId(BigInt(chainId)),
    nonce: fields.nonce ?? node.pendingNonce(wallets[wallet]!),
    maxFeePerGas: 10n ** 9n,
    maxPriorityFeePerGas: 0n,
    gasLimit: 60_000n,
    to: asAddress(new Uint8Array(20).fill(0x55)),
    value: 12n,
    data: new Uint8Array(0),
    accessList: [],
  } as const
  return encodeEthereum(signEthereum(provider, unsigned, secrets[wallet]!))
}
