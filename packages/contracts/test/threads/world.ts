import { type Address, asAddress, asAssetId, asChainId, asHash, asHeight, maxAmount } from '@banyan/base'
import { ed25519Address, secp256k1Address } from '@banyan/crypto'
import { native as provider } from '@banyan/crypto/native'
import {
  type AbiFunction,
  assetFlags,
  type Call,
  type Chain,
  encodeCall,
  encodeEnvelope,
  type Genesis,
  type NativeBody,
  nativeId,
  type StateView,
  signEd25519,
  signEthereum,
  signSecp256k1,
  signSponsorship,
  stateView,
} from '@banyan/ledger'

/** People with keys, a genesis that they hold funds in, and how they sign calls. */

const wide = 200_000n
const filled = (length: number, byte: number): Uint8Array => new Uint8Array(length).fill(byte)

export type Person = {
  readonly address: Address
  readonly secret: Uint8Array
  /** secp256k1 keys sign Ethereum and native transactions, ed25519 keys native ones. */
  readonly ethereum: boolean
}

export const people: readonly Person[] = Array.from({ length: 24 }, (_, i): Person => {
  const secret = filled(32, i + 1)
  return i % 2 === 0
    ? { address: ed25519Address(provider, provider.ed25519.publicKey(secret)), secret, ethereum: false }
    : { address: secp256k1Address(provider, provider.secp256k1.publicKey(secret)), secret, ethereum: true }
})

/** Nobody's address at first. */
export const stranger = (number: number): Address => asAddress(Uint8Array.of(...filled(19, 0xab), number))

const issued = (name: string, holders: readonly Person[]) => ({
  issuer: people[0]!.address,
  flags: assetFlags.mintable | assetFlags.burnable | assetFlags.pausable,
  decimals: 2,
  cap: maxAmount,
  metadataHash: asHash(filled(32, 0)),
  name,
  symbol: name,
  holders: holders.map(({ address }) => ({ owner: address, amount: 1_000_000n })),
})

const price = { compute: 3n, bytes: 2n, state: 5n }
export const genesis: Genesis = {
  chainId: 77n,
  timestamp: 1_000n,
  fees: { start: price, floor: price, limit: { compute: 10 ** 9, bytes: 10 ** 9, state: 10 ** 9 } },
  maxRows: 2 ** 20,
  // The last people have nothing.
  accounts: people.slice(0, 21).map(({ address }) => ({ address, balance: 10n ** 24n })),
  assets: [issued('ONE', people), issued('TWO', people.slice(4))],
}

export function viewOf(chain: Chain): StateView {
  const { accounts, balances, utxos, storage, assets } = chain.state
  return stateView({ accounts, balances, utxos, storage, assets })
}

export function callData(
  abi: readonly { readonly type: string; readonly name?: string }[],
  name: string,
  args: Readonly<Record<string, unknown>>,
): Uint8Array {
  const item = abi.find((entry) => entry.type === 'function' && entry.name === name)
  return encodeCall(item as AbiFunction, args)
}

export const call = (to: Address, data: Uint8Array, value = 0n): Call => ({ to, data, value })

export type NativeTerms = Partial<Pick<NativeBody, 'accessKeys' | 'postConditions' | 'gasLimit'>> & {
  readonly sponsor?: Person
}

/** Envelope of a native transaction. `nonce` makes it unique. */
export function nativeEnvelope(
  chain: Chain,
  person: Person,
  nonce: bigint,
  calls: readonly Call[],
  terms: NativeTerms = {},
): Uint8Array {
  const { sponsor, ...changes } = terms
  const body: NativeBody = {
    chainId: asChainId(genesis.chainId),
    account: person.address,
    mark: chain.head.id,
    validUntil: asHeight(BigInt(chain.head.header.height + 5)),
    nonce,
    gasLimit: wide,
    maxFeePerGas: 1_000n,
    tipPerGas: 7n,
    sponsor: sponsor?.address ?? asAddress(filled(20, 0)),
    calls,
    accessKeys: [],
    postConditions: [],
    ...changes,
  }
  const id = nativeId(provider, chain.domains.native, body)
  const sign = (signer: Person) => (digest: Uint8Array) =>
    signer.ethereum
      ? signSecp256k1(provider, digest, signer.secret)
      : signEd25519(provider, digest, signer.secret)
  const promise = sponsor && signSponsorship(provider, chain.domains.sponsor, id, 10n ** 18n, sign(sponsor))
  return encodeEnvelope({
    kind: 'native',
    body,
    signatures: [sign(person)(id)],
    sponsor: promise === undefined ? [] : [promise],
  })
}

/** Envelope of an EIP-1559 transaction. */
export function ethereumEnvelope(person: Person, nonce: bigint, single: Call): Uint8Array {
  return encodeEnvelope(
    signEthereum(
      provider,
      {
        ...single,
        type: 2,
        chainId: asChainId(genesis.chainId),
        nonce,
        maxFeePerGas: 1_000n,
        maxPriorityFeePerGas: 3n,
        gasLimit: wide,
        accessList: [],
      },
      person.secret,
    ),
  )
}

export const assetOne = asAssetId(1)
