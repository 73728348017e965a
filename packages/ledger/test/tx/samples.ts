import { asAddress, asAssetId, asChainId, asHash, asHeight } from '@banyan/base'
import { ed25519Address } from '@banyan/crypto'
import { native as provider } from '@banyan/crypto/native'
import {
  declaredKeyKinds,
  type Native,
  type NativeBody,
  nativeId,
  type Package,
  packItems,
  type Signature,
  signEd25519,
  signEthereum,
  signingDomains,
  signPackage,
  signSecp256k1,
  signSponsorship,
  signTransfer,
  type Transaction,
  type Transfer,
  type UnsignedEthereum,
} from '@banyan/ledger'

/** One valid transaction of each kind and variant, over fixed keys, for the tests of this folder. */

export const filled = (length: number, byte: number): Uint8Array => new Uint8Array(length).fill(byte)

export const chainId = asChainId(4242n)
export const genesisId = asHash(filled(32, 0x99))
export const domains = signingDomains(provider, chainId, genesisId)
export const seed = filled(32, 0x11)
export const otherSeed = filled(32, 0x12)
export const secret = filled(32, 0x21)
export const account = ed25519Address(provider, provider.ed25519.publicKey(seed))
export const payee = asAddress(filled(20, 0x31))
export const mark = asHash(filled(32, 0x41))

export const transfer: Transfer = signTransfer(
  provider,
  domains.transfer,
  {
    mark,
    payee,
    asset: asAssetId(7),
    nonce: 0x0102030405060708n,
    amount: 12n * 10n ** 18n,
    maxFee: 50_000,
    tip: 1_000,
    validUntil: asHeight(1_000n),
  },
  seed,
)

export function makePackage(count: number, mode: Package['mode'] = 'atomic'): Package {
  const items = Array.from({ length: count }, (_, i) => ({
    payer: i,
    payee: i + 1,
    amount: 1_000n + BigInt(i),
  }))
  return signPackage(
    provider,
    domains.package,
    {
      mark,
      nonce: 9n,
      validUntil: asHeight(1_000n),
      asset: asAssetId(0),
      maxFee: 70_000,
      tip: 5,
      mode,
      items: packItems(items),
    },
    seed,
  )
}

export const nativeBody: NativeBody = {
  chainId,
  account,
  mark,
  validUntil: asHeight(1_000n),
  nonce: 3n,
  gasLimit: 200_000n,
  maxFeePerGas: 10n ** 12n,
  tipPerGas: 10n ** 9n,
  sponsor: asAddress(filled(20, 0)),
  calls: [{ to: payee, value: 5n, data: filled(68, 0x51) }],
  accessKeys: [],
  postConditions: [],
}

export const fullBody: NativeBody = {
  ...nativeBody,
  sponsor: asAddress(filled(20, 0x61)),
  calls: [
    { to: payee, value: 2n ** 128n - 1n, data: filled(100, 0x52) },
    { to: account, value: 0n, data: new Uint8Array(0) },
  ],
  accessKeys: [
    { kind: declaredKeyKinds.account, write: false, owner: payee, key: asHash(filled(32, 0)) },
    {
      kind: declaredKeyKinds.balance,
      write: true,
      owner: payee,
      key: asHash(Uint8Array.of(7, ...filled(31, 0))),
    },
    { kind: declaredKeyKinds.storage, write: true, owner: payee, key: asHash(filled(32, 0x71)) },
    {
      kind: declaredKeyKinds.utxo,
      write: true,
      owner: asAddress(filled(20, 0)),
      key: asHash(filled(32, 0x72)),
    },
  ],
  postConditions: [{ account, asset: asAssetId(7), maxSpent: 99n }],
}

/** A native transaction with the account's ed25519 signature, unless others are given. */
export function makeNative(body: NativeBody, signatures?: readonly Signature[]): Native {
  const id = nativeId(provider, domains.native, body)
  return { kind: 'native', body, signatures: signatures ?? [signEd25519(provider, id, seed)], sponsor: [] }
}

/** `fullBody` with two signatures and a sponsor's. */
export function makeSponsored(): Native {
  const id = nativeId(provider, domains.native, fullBody)
  const sponsor = signSponsorship(provider, domains.sponsor, id, 10n ** 18n, (digest) =>
    signEd25519(provider, digest, otherSeed),
  )
  const signatures = [signEd25519(provider, id, seed), signSecp256k1(provider, id, secret)]
  return { kind: 'native', body: fullBody, signatures, sponsor: [sponsor] }
}

export const unsignedEthereum: UnsignedEthereum = {
  type: 2,
  chainId,
  nonce: 7n,
  maxFeePerGas: 3n * 10n ** 9n,
  maxPriorityFeePerGas: 10n ** 9n,
  gasLimit: 60_000n,
  to: payee,
  value: 10n ** 18n,
  data: filled(68, 0x81),
  accessList: [{ address: account, storageKeys: [asHash(filled(32, 1)), asHash(filled(32, 2))] }],
}

export const unsignedLegacy: UnsignedEthereum = {
  ...unsignedEthereum,
  type: 0,
  maxPriorityFeePerGas: unsignedEthereum.maxFeePerGas,
  accessList: [],
}

export const unsignedAccessList: UnsignedEthereum = {
  ...unsignedLegacy,
  type: 1,
  accessList: unsignedEthereum.accessList,
}

export const samples: readonly (readonly [name: string, tx: Transaction])[] = [
  ['transfer', transfer],
  ['atomic package', makePackage(3)],
  ['per-item package', makePackage(1, 'perItem')],
  ['native', makeNative(nativeBody)],
  ['sponsored native', makeSponsored()],
  ['legacy Ethereum', signEthereum(provider, unsignedLegacy, secret)],
  ['EIP-2930', signEthereum(provider, unsignedAccessList, secret)],
  ['EIP-1559', signEthereum(provider, unsignedEthereum, secret)],
]

export { provider }
