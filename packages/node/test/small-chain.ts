import { type Address, asAddress, asChainId, asHeight, fig, type Hash } from '@banyan/base'
import { contractAddress, factoryAbi, genesisCollection, utxoAbi } from '@banyan/contracts'
import { ed25519Address, secp256k1Address } from '@banyan/crypto'
import { native as provider } from '@banyan/crypto/native'
import {
  type Batch,
  buildBlock,
  type Chain,
  type ChainOptions,
  createChain,
  type DescribedBatch,
  describeBatch,
  type ExecutedBlock,
  encodeEthereum,
  encodeNative,
  encodePackage,
  encodeTransfer,
  finalize,
  type Genesis,
  generalBatch,
  nativeId,
  packItems,
  signEd25519,
  signEthereum,
  signPackage,
  signTransfer,
  stateView,
  transferBatch,
  verifyBlock,
} from '@banyan/ledger'
import { encodeFunctionData, type Hex, toHex, zeroHash } from 'viem'

export { provider }

const seeds = [1, 2, 3].map((byte) => new Uint8Array(32).fill(byte))
export const people: readonly Address[] = seeds.map((seed) =>
  ed25519Address(provider, provider.ed25519.publicKey(seed)),
)
const walletKey = new Uint8Array(32).fill(4)
const walletAddress = secp256k1Address(provider, provider.secp256k1.publicKey(walletKey))
export const proposer = asAddress(new Uint8Array(20).fill(0xee))
const fees = { compute: 1_000n, bytes: 10n, state: 10n }
const limit = 10 ** 9

export const genesis: Genesis = {
  chainId: 7n,
  timestamp: 1_000n,
  fees: {
    start: fees,
    floor: { compute: 0n, bytes: 0n, state: 0n },
    limit: { compute: limit, bytes: limit, state: limit },
  },
  maxRows: 100_000,
  accounts: [...people, walletAddress].map((address) => ({ address, balance: 10n ** 21n })),
  assets: [],
}

export const chainOptions: ChainOptions = {
  genesis,
  provider,
  collection: genesisCollection,
  memory: 'private',
  capacity: { accounts: 32, balances: 32, utxos: 32, storage: 32 },
}

/** A block with what it was made of, and the state root after it. */
export type Made = {
  readonly block: ExecutedBlock
  readonly batches: readonly Batch[]
  readonly described: readonly DescribedBatch[]
  readonly stateRoot: Hash
}

function transfers(chain: Chain): Batch {
  const height = chain.head.header.height + 1
  const newcomer = asAddress(new Uint8Array(20).fill(height).fill(height >> 8, 0, 4))
  const payees = [people[1]!, newcomer, people[0]!]
  const records = payees.map((payee, i) => {
    const fields = {
      mark: chain.head.id,
      payee,
      asset: fig,
      nonce: BigInt(height),
      amount: 10n ** 15n + BigInt(height),
      maxFee: 4_000_000_000,
      tip: 3,
      validUntil: asHeight(BigInt(height + 5)),
    }
    return encodeTransfer(signTransfer(provider, chain.domains.transfer, fields, seeds[i]!)).subarray(1)
  })
  return transferBatch(Uint8Array.from(records.flatMap((record) => [...record])))
}

/** An envelope of the first person that calls one contract. */
function nativeCall(chain: Chain, to: Address, data: Hex): Uint8Array {
  const body = {
    chainId: asChainId(genesis.chainId),
    account: people[0]!,
    mark: chain.head.id,
    validUntil: asHeight(BigInt(chain.head.header.height + 9)),
    nonce: 0n,
    gasLimit: 10_000_000n,
    maxFeePerGas: 10n ** 9n,
    tipPerGas: 0n,
    sponsor: asAddress(new Uint8Array(20)),
    calls: [{ to, value: 0n, data: Buffer.from(data.slice(2), 'hex') }],
    accessKeys: [],
    postConditions: [],
  }
  const id = nativeId(provider, chain.domains.native, body)
  const signatures = [signEd25519(provider, id, seeds[0]!)]
  return encodeNative({ kind: 'native', body, signatures, sponsor: [] })
}

/** Makes outputs, and frees them when there are many. */
function outputs(chain: Chain): Uint8Array {
  const owner = toHex(people[0]!)
  const held = stateView(chain.state).utxosOf(people[0]!, 10)
  const data =
    held.length > 4
      ? encodeFunctionData({
          abi: utxoAbi,
          functionName: 'withdraw',
          args: [0, held.slice(1, 4).map((id) => toHex(id)), owner],
        })
      : encodeFunctionData({
          abi: utxoAbi,
          functionName: 'deposit',
          args: [0, [1n, 2n, 3n].map((amount) => ({ owner, amount }))],
        })
  return nativeCall(chain, contractAddress('banyan/utxo'), data)
}

function newToken(chain: Chain): Uint8Array {
  const { height } = chain.head.header
  const args = [`Token ${height}`, 'TOK', 2, 1000n, 1000n, 0, zeroHash] as const
  const data = encodeFunctionData({ abi: factoryAbi, functionName: 'create', args })
  return nativeCall(chain, contractAddress('banyan/factory'), data)
}

function packageOfItems(chain: Chain): Uint8Array {
  const fields = {
    mark: chain.head.id,
    nonce: BigInt(chain.head.header.height),
    validUntil: asHeight(BigInt(chain.head.header.height + 5)),
    asset: fig,
    maxFee: 4_000_000_000,
    tip: 0,
    mode: 'atomic' as const,
    items: packItems([1, 3, 4].map((payee) => ({ payer: 2, payee, amount: 5n }))),
  }
  return encodePackage(signPackage(provider, chain.domains.package, fields, seeds[1]!))
}

function ethereumTransfer(chain: Chain): Uint8Array {
  const unsigned = {
    type: 2,
    chainId: asChainId(genesis.chainId),
    nonce: stateView(chain.state).account(walletAddress)!.nonce,
    maxFeePerGas: 10n ** 9n,
    maxPriorityFeePerGas: 7n,
    gasLimit: 100_000n,
    to: people[2]!,
    value: 12n,
    data: new Uint8Array(0),
    accessList: [],
  } as const
  return encodeEthereum(signEthereum(provider, unsigned, walletKey))
}

/** Transactions of all other types; some blocks also create a token. */
function general(chain: Chain): Batch {
  const envelopes = [outputs(chain), packageOfItems(chain), ethereumTransfer(chain)]
  return generalBatch(chain.head.header.height % 4 === 1 ? [...envelopes, newToken(chain)] : envelopes)
}

/** Builds the chain's next block: transfers, and calls in two of three. */
export function makeNext(chain: Chain, view = chain.head.header.height + 1): Made {
  const { height } = chain.head.header
  const batches = height % 3 === 0 ? [transfers(chain)] : [transfers(chain), general(chain)]
  const described = batches.map((batch) => describeBatch(provider, chain.domains, batch))
  const timestamp = chain.head.header.timestamp + 1000n
  const block = buildBlock(chain, { batches: described, proposer, timestamp, view })
  return { block, batches, described, stateRoot: block.stateRoot }
}

/** The first `count` blocks of a chain that never crashed; the block at height h is number h - 1. */
export function makeBlocks(count: number): readonly Made[] {
  const chain = createChain(chainOptions)
  return Array.from({ length: count }, () => {
    const made = makeNext(chain)
    finalize(chain, chain.head.header.height)
    return made
  })
}

/** Executes a block that was made on another chain of the same genesis. */
export function follow(chain: Chain, { block, described }: Made): ExecutedBlock {
  return verifyBlock(chain, block.header, described)
}
