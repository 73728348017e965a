import { asAddress, asAssetId, asChainId, asHeight, type Hash } from '@banyan/base'
import { native } from '@banyan/crypto/native'
import {
  type Chain,
  encodeEnvelope,
  type Native,
  type NativeBody,
  nativeId,
  type PackageItem,
  packItems,
  type Signature,
  signEd25519,
  signEthereum,
  signPackage,
  signSponsorship,
  signTransfer,
  type UnsignedEthereum,
  type UnsignedPackage,
  type UnsignedTransfer,
} from '@banyan/ledger'
import { accountOf } from './chain-content.js'
import { addressOf, alice, bob, ethereumAddress, oneFig, seedOf, wallet } from './people.js'

/** Signed transactions for a small chain, each valid unless it is changed. */

let nonces = 0n

type Changes<Fields> = Partial<Fields> & { readonly key?: number; readonly domain?: Hash }

const common = (chain: Chain) => ({
  mark: chain.head.id,
  nonce: nonces++,
  validUntil: asHeight(BigInt(chain.head.header.height + 10)),
  asset: asAssetId(0),
  maxFee: 1_000_000,
  tip: 3,
})

/** 193 bytes. */
export function transfer(chain: Chain, changes: Changes<UnsignedTransfer> = {}): Uint8Array {
  const { key = alice, domain = chain.domains.transfer, ...fields } = changes
  const unsigned = { ...common(chain), payee: addressOf(bob), amount: 7n, ...fields }
  return encodeEnvelope(signTransfer(native, domain, unsigned, seedOf(key)))
}

export type PackageChanges = Changes<Omit<UnsignedPackage, 'items'>> & {
  readonly items?: readonly PackageItem[]
}

export function pack(chain: Chain, changes: PackageChanges = {}): Uint8Array {
  const {
    key = alice,
    domain = chain.domains.package,
    items = [{ payer: 1, payee: 2, amount: 1n }],
    ...fields
  } = changes
  const unsigned = { ...common(chain), mode: 'atomic' as const, ...fields, items: packItems(items) }
  return encodeEnvelope(signPackage(native, domain, unsigned, seedOf(key)))
}

export type NativeChanges = Partial<NativeBody> & {
  readonly keys?: readonly number[]
  readonly domain?: Hash
  readonly sponsorKey?: number
  readonly sponsorCap?: bigint
  readonly signatures?: readonly Signature[]
}

export function nativeCall(chain: Chain, changes: NativeChanges = {}): Uint8Array {
  const {
    keys = [alice],
    domain = chain.domains.native,
    sponsorKey,
    sponsorCap = oneFig,
    signatures,
    ...fields
  } = changes
  const body: NativeBody = {
    chainId: chain.domains.chainId,
    account: addressOf(keys[0] ?? alice),
    mark: chain.head.id,
    validUntil: asHeight(BigInt(chain.head.header.height + 10)),
    nonce: nonces++,
    gasLimit: 300_000n,
    maxFeePerGas: 5_000_000n,
    tipPerGas: 1_000n,
    sponsor: asAddress(new Uint8Array(20)),
    calls: [{ to: addressOf(bob), value: 9n, data: new Uint8Array(0) }],
    accessKeys: [],
    postConditions: [],
    ...fields,
  }
  const id = nativeId(native, domain, body)
  const promise = (digest: Uint8Array) => signEd25519(native, digest, seedOf(sponsorKey!))
  const tx: Native = {
    kind: 'native',
    body,
    signatures: signatures ?? keys.map((key) => signEd25519(native, id, seedOf(key))),
    sponsor:
      sponsorKey === undefined
        ? []
        : [signSponsorship(native, chain.domains.sponsor, id, sponsorCap, promise)],
  }
  return encodeEnvelope(tx)
}

export function ethereum(
  chain: Chain,
  changes: Partial<UnsignedEthereum> & { readonly key?: number } = {},
): Uint8Array {
  const { key = wallet, ...fields } = changes
  const nonce = accountOf(chain, ethereumAddress(key)).nonce
  const unsigned: UnsignedEthereum = {
    type: 2,
    chainId: asChainId(chain.genesis.chainId),
    nonce,
    maxFeePerGas: 5_000_000n,
    maxPriorityFeePerGas: 1_000n,
    gasLimit: 200_000n,
    to: addressOf(bob),
    value: 11n,
    data: new Uint8Array(0),
    accessList: [],
    ...fields,
  }
  return encodeEnvelope(signEthereum(native, unsigned, seedOf(key)))
}
