import { asAddress, asAssetId, asHash, asHeight, fig, type Hash, toHex } from '@banyan/base'
import { contractAddress, genesisCollection, utxoAbi } from '@banyan/contracts'
import { ed25519Address, secp256k1Address } from '@banyan/crypto'
import { native as provider } from '@banyan/crypto/native'
import {
  type DescribedBatch,
  describeBatch,
  encodeTransfer,
  type Genesis,
  generalBatch,
  readReceipt,
  signTransfer,
  stateView,
  transferBatch,
} from '@banyan/ledger'
import { createLightCore, type LightCore, type LightOptions } from '@banyan/light'
import { createCertifiedChain, createMember, type Member } from '@banyan/testing/certified-chain'
import { encodeFunctionData } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'

/** A small chain whose committees change, and light clients of it. */

export { provider }

const seed = new Uint8Array(32).fill(1)
const walletSecret = new Uint8Array(32).fill(2)
export const payer = ed25519Address(provider, provider.ed25519.publicKey(seed))
export const wallet = secp256k1Address(provider, provider.secp256k1.publicKey(walletSecret))
export const stranger = asAddress(new Uint8Array(20).fill(0x55))
export const payee = asAddress(new Uint8Array(20).fill(0x77))
export const olive = asAssetId(1)
export const rowKey = asHash(new Uint8Array(32).fill(0x33))
export const noKey = asHash(new Uint8Array(32).fill(0x34))

const free = { compute: 0n, bytes: 0n, state: 0n }
const limit = 10 ** 9

const genesis: Genesis = {
  chainId: 31n,
  timestamp: 1_000_000n,
  fees: { start: free, floor: free, limit: { compute: limit, bytes: limit, state: limit } },
  maxRows: 100_000,
  accounts: [payer, wallet].map((address) => ({ address, balance: 10n ** 20n })),
  assets: [
    {
      issuer: payer,
      flags: 1,
      decimals: 3,
      cap: 10n ** 9n,
      metadataHash: noKey,
      name: 'Olive',
      symbol: 'OLV',
      holders: [{ owner: payer, amount: 4_321n }],
    },
  ],
  storage: [{ contract: contractAddress('banyan/account'), key: rowKey, value: new Uint8Array(40).fill(9) }],
}

export type World = ReturnType<typeof createWorld>

export const membersFrom = (first: number, count: number): readonly Member[] =>
  Array.from({ length: count }, (_, i) => createMember(provider, first + i))

/** Epoch e is decided by members e to e + size - 1, but the first two by the same. */
export const sliding =
  (size: number) =>
  (epoch: number): readonly Member[] =>
    membersFrom(Math.max(0, epoch - 1), size)

export function createWorld(
  membersOf: (epoch: number) => readonly Member[] = sliding(4),
  changes: Partial<Genesis> = {},
  epochBlocks = 4,
) {
  const certified = createCertifiedChain({
    genesis: { ...genesis, ...changes },
    provider,
    collection: genesisCollection,
    epochBlocks,
    membersOf,
  })
  const { chain, light, extend } = certified
  let nonce = 0

  /** Transfers of one pip each in one batch. */
  const transfers = (count: number): DescribedBatch => {
    const { id, header } = chain.head
    const records = Array.from({ length: count }, () => {
      const fields = {
        mark: id,
        payee,
        asset: fig,
        nonce: BigInt(nonce++),
        amount: 1n,
        maxFee: 0,
        tip: 0,
        validUntil: asHeight(BigInt(header.height + 64)),
      }
      return [...encodeTransfer(signTransfer(provider, chain.domains.transfer, fields, seed)).subarray(1)]
    })
    return describeBatch(provider, chain.domains, transferBatch(Uint8Array.from(records.flat())))
  }

  /** A block with a UTXO of the wallet in it; returns the id of the UTXO. */
  const makeUtxo = async (): Promise<Hash> => {
    const data = encodeFunctionData({
      abi: utxoAbi,
      functionName: 'deposit',
      args: [0, [{ owner: toHex(wallet), amount: 77n }]],
    })
    const envelope = await privateKeyToAccount(toHex(walletSecret)).signTransaction({
      chainId: 31,
      nonce: 0,
      gas: 10_000_000n,
      gasPrice: 0n,
      to: toHex(contractAddress('banyan/utxo')),
      data,
      type: 'legacy',
    })
    const bytes = Uint8Array.from(Buffer.from(envelope.slice(2), 'hex'))
    extend([describeBatch(provider, chain.domains, generalBatch([bytes]))])
    return stateView(chain.state).newestUtxo(wallet)!
  }

  /** Blocks until so many epochs are over. */
  const endEpochs = (count: number): void => {
    while (chain.head.header.height < count * epochBlocks) extend()
  }

  const idsIn = (height: number): readonly Hash[] => {
    const { receipts, header } = certified.block(height)
    return Array.from({ length: header.transactionCount }, (_, i) => readReceipt(receipts, i).id)
  }

  /** A client that trusts the genesis and has taken the records of all finished epochs. */
  const client = (options: Partial<LightOptions> = {}): LightCore => {
    const start = { validators: membersOf(0).map(({ validator }) => validator) }
    const core = createLightCore({ provider, chain: light, start, keepEpochs: 64, ...options })
    for (const record of certified.records.slice(core.nextEpoch())) core.takeEpoch(record)
    return core
  }

  return { ...certified, transfers, makeUtxo, endEpochs, idsIn, client }
}

/** Name of the registry error that the work ends with. */
export function errorOf(work: () => unknown): string {
  try {
    work()
  } catch (error) {
    if (error instanceof Error && 'kind' in error) return String(error.kind)
    throw error
  }
  return 'none'
}

export const flipped = (bytes: Uint8Array, bit: number): Uint8Array => {
  const copy = Uint8Array.from(bytes)
  copy[bit >>> 3]! ^= 1 << (bit & 7)
  return copy
}
