import { type Address, asAddress, asChainId, asHeight, concatBytes, fig, toHex } from '@banyan/base'
import { genesisCollection } from '@banyan/contracts'
import { ed25519Address, secp256k1Address } from '@banyan/crypto'
import { native as provider } from '@banyan/crypto/native'
import {
  admit,
  type Chain,
  createChain,
  encodeEthereum,
  encodeTransfer,
  signEthereum,
  signTransfer,
  stateView,
  transferRecordLength,
  transferType,
} from '@banyan/ledger'
import { Mempool, type MempoolOptions, type Outcome } from '@banyan/node'

/** A chain at its genesis with wallets, a mempool on top, and transactions for it. */

export type Person = { readonly secret: Uint8Array; readonly address: Address }

const gasPrice = 1_000n
export const richBalance = 10n ** 18n

function person(byte: number, addressOf: (secret: Uint8Array) => Address): Person {
  const secret = new Uint8Array(32).fill(byte)
  return { secret, address: addressOf(secret) }
}

/** People with Ethereum keys. */
export const wallets = [1, 2, 3, 4].map((byte) =>
  person(byte, (secret) => secp256k1Address(provider, provider.secp256k1.publicKey(secret))),
)
/** People with ed25519 keys. */
export const payers = [5, 6, 7, 8].map((byte) =>
  person(byte, (seed) => ed25519Address(provider, provider.ed25519.publicKey(seed))),
)
const payee = asAddress(new Uint8Array(20).fill(0xaa))

const price = { compute: gasPrice, bytes: gasPrice, state: gasPrice }

export type World = {
  readonly chain: Chain
  readonly mempool: Mempool
  /** Admits an envelope and adds it; throws what either refuses. */
  readonly submit: (envelope: Uint8Array) => Uint8Array
}

export function createWorld(options: Partial<MempoolOptions> = {}): World {
  const chain = createChain({
    genesis: {
      chainId: 7n,
      timestamp: 1_000n,
      fees: { start: price, floor: price, limit: { compute: 10 ** 9, bytes: 10 ** 9, state: 10 ** 9 } },
      maxRows: 1_000,
      accounts: [...wallets, ...payers, { address: payee }].map(({ address }) => ({
        address,
        balance: richBalance,
      })),
      assets: [],
    },
    provider,
    collection: genesisCollection,
    memory: 'private',
    capacity: { accounts: 32, balances: 32, utxos: 32, storage: 32 },
  })
  const view = stateView(chain.state)
  const mempool = new Mempool(
    { maxBytes: 10 ** 6, maxPerSender: 100, waitBlocks: 50, ...options },
    {
      balanceOf: (account) => view.account(account)?.balance ?? 0n,
      nonceOf: (account) => view.account(account)?.nonce ?? 0n,
    },
  )
  const submit = (envelope: Uint8Array): Uint8Array => {
    const admission = admit(chain, envelope, { nonceFor: (sender, given) => mempool.nonceFor(sender, given) })
    mempool.add(admission, envelope, chain.head.header.height)
    return admission.id
  }
  return { chain, mempool, submit }
}

export type PaymentTerms = {
  readonly nonce: bigint
  readonly value?: bigint
  readonly tip?: bigint
  readonly maxFee?: bigint
}

/** An EIP-1559 payment. */
export function payment({ secret }: Person, terms: PaymentTerms): Uint8Array {
  const { nonce, value = 1n, tip = 0n, maxFee = 10n * gasPrice + tip } = terms
  const unsigned = {
    type: 2,
    chainId: asChainId(7n),
    nonce,
    maxFeePerGas: maxFee,
    maxPriorityFeePerGas: tip,
    gasLimit: 21_000n,
    to: payee,
    value,
    data: new Uint8Array(0),
    accessList: [],
  } as const
  return encodeEthereum(signEthereum(provider, unsigned, secret))
}

export type TransferTerms = {
  readonly nonce: bigint
  readonly amount?: bigint
  readonly tip?: number
  readonly validUntil?: bigint
}

/** A transfer of FIG under an ed25519 key; tips in nano-FIG. */
export function transfer(chain: Chain, { secret }: Person, terms: TransferTerms): Uint8Array {
  const { nonce, amount = 1n, tip = 0, validUntil = 40n } = terms
  const fields = {
    mark: chain.head.id,
    payee,
    asset: fig,
    nonce,
    amount,
    maxFee: 1_000_000 + tip,
    tip,
    validUntil: asHeight(validUntil),
  }
  return encodeTransfer(signTransfer(provider, chain.domains.transfer, fields, secret))
}

/** Envelopes of what may leave now, as texts, so that they compare: transfers first. */
export function takeTexts({ mempool }: World, transactions: number, bytes = 10 ** 6): readonly string[] {
  const { transfers, general } = mempool.take({ transactions, bytes })
  const envelopes = Array.from({ length: transfers.ids.length / 8 }, (_, i) => {
    const record = transfers.records.subarray(i * transferRecordLength, (i + 1) * transferRecordLength)
    return concatBytes(Uint8Array.of(transferType), record)
  })
  return [...envelopes, ...general.map(({ envelope }) => envelope)].map(toHex)
}

/** Tells the mempool what came of a transaction. */
export function settle(mempool: Mempool, id: Uint8Array, outcome: Outcome): void {
  mempool.settle(new Uint32Array(id.slice().buffer), 0, outcome)
}
