import { asAddress, asAssetId, asChainId, asHash, asHeight } from '@banyan/base'
import { ed25519Address } from '@banyan/crypto'
import { native as provider } from '@banyan/crypto/native'
import {
  type AbiFunction,
  buildBlock,
  type Chain,
  type ChainOptions,
  createChain,
  type DescribedBatch,
  describeBatch,
  type ExecutedBlock,
  encodeCall,
  encodeEnvelope,
  encodeTransfer,
  finalize,
  type Genesis,
  generalBatch,
  type NativeBody,
  nativeId,
  signEd25519,
  signEthereum,
  signingDomains,
  signTransfer,
  type UnsignedEthereum,
} from '@banyan/ledger'
import { createPool, type Pool, type PoolOptions } from '@banyan/ledger/threads'
import { probeAbi, probeAddress, probeCollection } from './probe-collection.mjs'

/** A small chain with the probe contract, people, and what they sign. */

export { provider }
export const collectionModule = new URL('./probe-collection.mjs', import.meta.url)

export function startPool(options: Partial<PoolOptions> = {}): Pool {
  return createPool({
    workers: 2,
    provider: 'native',
    collectionModule,
    collectionName: 'probeCollection',
    ...options,
  })
}

const chainId = asChainId(9n)
const zeroHash = asHash(new Uint8Array(32))
export const domains = signingDomains(provider, chainId, asHash(new Uint8Array(32).fill(1)))
export const seeds = Array.from({ length: 16 }, (_, i) => new Uint8Array(32).fill(i + 1))
const addresses = seeds.map((seed) => ed25519Address(provider, provider.ed25519.publicKey(seed)))

const free = { compute: 0n, bytes: 0n, state: 0n }
export const genesis: Genesis = {
  chainId,
  timestamp: 1n,
  fees: { start: free, floor: free, limit: { compute: 10 ** 9, bytes: 10 ** 9, state: 10 ** 9 } },
  maxRows: 2 ** 16,
  accounts: addresses.map((address) => ({ address, balance: 1n })),
  assets: [],
}

export function newChain(options: Partial<ChainOptions> = {}): Chain {
  return createChain({ genesis, provider, collection: probeCollection, ...options })
}

export type ProbeCall = {
  readonly person: number
  readonly method: string
  readonly args?: Readonly<Record<string, number>>
}

let nonce = 0n

/** Envelope of a native transaction that calls the probe. */
export function probeEnvelope(chain: Chain, { person, method, args = {} }: ProbeCall): Uint8Array {
  const item = probeAbi.find(({ name }) => name === method) as AbiFunction
  const body: NativeBody = {
    chainId,
    account: addresses[person]!,
    mark: chain.head.id,
    validUntil: asHeight(BigInt(chain.head.header.height + 1)),
    nonce: nonce++,
    gasLimit: 200_000n,
    maxFeePerGas: 0n,
    tipPerGas: 0n,
    sponsor: asAddress(new Uint8Array(20)),
    calls: [{ to: probeAddress, value: 0n, data: encodeCall(item, args) }],
    accessKeys: [],
    postConditions: [],
  }
  const signature = signEd25519(provider, nativeId(provider, chain.domains.native, body), seeds[person]!)
  return encodeEnvelope({ kind: 'native', body, signatures: [signature], sponsor: [] })
}

/** Envelope of an Ethereum transaction with that many bytes of call data. */
export function largeEnvelope(length: number): Uint8Array {
  const unsigned: UnsignedEthereum = {
    type: 2,
    chainId,
    nonce: 0n,
    maxFeePerGas: 0n,
    maxPriorityFeePerGas: 0n,
    gasLimit: 10n ** 7n,
    to: probeAddress,
    value: 0n,
    data: new Uint8Array(length),
    accessList: [],
  }
  return encodeEnvelope(signEthereum(provider, unsigned, seeds[0]!))
}

export function describeCalls(chain: Chain, calls: readonly ProbeCall[]): DescribedBatch {
  const envelopes = calls.map((call) => probeEnvelope(chain, call))
  return describeBatch(provider, chain.domains, generalBatch(envelopes))
}

export function build(chain: Chain, batch: DescribedBatch): ExecutedBlock {
  const timestamp = chain.head.header.timestamp + 1n
  const proposer = asAddress(new Uint8Array(20).fill(0xee))
  const block = buildBlock(chain, { batches: [batch], proposer, timestamp, view: 0 })
  finalize(chain, chain.head.header.height)
  return block
}

/** Records of signed transfers, back to back. */
export function transferRecords(count: number): Uint8Array {
  const records = new Uint8Array(count * 192)
  for (let i = 0; i < count; i++) {
    const fields = {
      mark: zeroHash,
      payee: addresses[0]!,
      asset: asAssetId(0),
      nonce: BigInt(i),
      amount: 1n,
      maxFee: 1,
      tip: 0,
      validUntil: asHeight(5n),
    }
    const transfer = signTransfer(provider, domains.transfer, fields, seeds[i % seeds.length]!)
    records.set(encodeTransfer(transfer).subarray(1), i * 192)
  }
  return records
}
