import { type Address, asAddress, asChainId, asHeight, fig, fromHex, parseAmount } from '@banyan/base'
import { native as provider } from '@banyan/crypto/native'
import {
  type Call,
  type Chain,
  encodeEthereum,
  encodeNative,
  encodePackage,
  encodeTransfer,
  type NativeBody,
  nativeId,
  packItems,
  signEd25519,
  signEthereum,
  signPackage,
  signTransfer,
  stateView,
} from '@banyan/ledger'
import type { Person } from './people.js'

/** 0.1 FIG, in nano-FIG: the most that a transfer or a package may cost here. */
const maxFee = 100_000_000
const pricePerGas = 10n ** 10n

/** What every transaction of the next block carries: a recent block, and how long it may wait. */
function validity(chain: Chain) {
  return { mark: chain.head.id, validUntil: asHeight(BigInt(chain.head.header.height + 10)) }
}

/** Any number that was not used with the same mark: here one transaction of a kind follows each block. */
const nonce = 0n

/** A record of a batch of transfers. */
export function transfer(chain: Chain, from: Person, to: Person, amount: string): Uint8Array {
  const fields = {
    ...validity(chain),
    payee: to.address,
    asset: fig,
    nonce,
    amount: parseAmount(amount),
    maxFee,
    tip: 1_000,
  }
  return encodeTransfer(signTransfer(provider, chain.domains.transfer, fields, from.secret)).subarray(1)
}

/** One signature for many payments of one person. */
export function payAll(chain: Chain, from: Person, payees: readonly Person[], amount: string): Uint8Array {
  const { accountNumber } = stateView(chain.state)
  const payer = accountNumber(from.address)!
  const items = packItems(
    payees.map(({ address }) => ({ payer, payee: accountNumber(address)!, amount: parseAmount(amount) })),
  )
  const fields = { ...validity(chain), nonce, asset: fig, maxFee, tip: 0, mode: 'atomic' as const, items }
  return encodePackage(signPackage(provider, chain.domains.package, fields, from.secret))
}

/** Contract calls that happen all together or not at all. */
export function callAll(chain: Chain, from: Person, calls: readonly Call[]): Uint8Array {
  const body: NativeBody = {
    ...validity(chain),
    chainId: asChainId(chain.genesis.chainId),
    account: from.address,
    nonce,
    gasLimit: 1_000_000n,
    maxFeePerGas: pricePerGas,
    tipPerGas: 0n,
    sponsor: asAddress(new Uint8Array(20)),
    calls,
    accessKeys: [],
    postConditions: [],
  }
  const id = nativeId(provider, chain.domains.native, body)
  return encodeNative({
    kind: 'native',
    body,
    signatures: [signEd25519(provider, id, from.secret)],
    sponsor: [],
  })
}

/** A contract call from data that an ABI encoder made. */
export function call(to: Address, data: `0x${string}`): Call {
  return { to, value: 0n, data: fromHex(data)! }
}

/** A plain Ethereum transaction (EIP-1559), as any wallet signs it. */
export function walletTransfer(chain: Chain, from: Person, to: Person, amount: string): Uint8Array {
  const unsigned = {
    type: 2,
    chainId: asChainId(chain.genesis.chainId),
    nonce: stateView(chain.state).account(from.address)!.nonce,
    maxFeePerGas: pricePerGas,
    maxPriorityFeePerGas: 10n ** 8n,
    gasLimit: 100_000n,
    to: to.address,
    value: parseAmount(amount),
    data: new Uint8Array(0),
    accessList: [],
  } as const
  return encodeEthereum(signEthereum(provider, unsigned, from.secret))
}
