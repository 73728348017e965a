import { type Address, asAddress, asChainId, asHeight, fig, type Hash } from '@banyan/base'
import { contractAddress, genesisCollection, utxoAbi } from '@banyan/contracts'
import { ed25519Address } from '@banyan/crypto'
import { native as provider } from '@banyan/crypto/native'
import {
  type Batch,
  buildBlock,
  type Chain,
  type ChainOptions,
  createChain,
  describeBatch,
  type ExecutedBlock,
  encodeNative,
  encodeTransfer,
  finalize,
  type Genesis,
  generalBatch,
  nativeId,
  signEd25519,
  signTransfer,
  stateView,
  transferBatch,
  verifyBlock,
} from '@banyan/ledger'
import { encodeFunctionData, toHex } from 'viem'

export { provider }

const seeds = [1, 2, 3].map((byte) => new Uint8Array(32).fill(byte))
export const people: readonly Address[] = seeds.map((seed) =>
  ed25519Address(provider, provider.ed25519.publicKey(seed)),
)
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
  accounts: people.map((address) => ({ address, balance: 10n ** 21n })),
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

/** A native call of the UTXO contract: it makes outputs, and frees them when there are many. */
function calls(chain: Chain): Batch {
  const owner = people[0]!
  const held = stateView(chain.state).utxosOf(owner, 10)
  const outputs = [1n, 2n, 3n].map((amount) => ({ owner: toHex(owner), amount }))
  const data =
    held.length > 4
      ? encodeFunctionData({
          abi: utxoAbi,
          functionName: 'withdraw',
          args: [0, held.slice(1, 4).map((id) => toHex(id)), toHex(owner)],
        })
      : encodeFunctionData({ abi: utxoAbi, functionName: 'deposit', args: [0, outputs] })
  const body = {
    chainId: asChainId(genesis.chainId),
    account: owner,
    mark: chain.head.id,
    validUntil: asHeight(BigInt(chain.head.header.height + 9)),
    nonce: 0n,
    gasLimit: 10_000_000n,
    maxFeePerGas: 10n ** 9n,
    tipPerGas: 0n,
    sponsor: asAddress(new Uint8Array(20)),
    calls: [{ to: contractAddress('banyan/utxo'), value: 0n, data: Buffer.from(data.slice(2), 'hex') }],
    accessKeys: [],
    postConditions: [],
  }
  const id = nativeId(provider, chain.domains.native, body)
  return generalBatch([
    encodeNative({ kind: 'native', body, signatures: [signEd25519(provider, id, seeds[0]!)], sponsor: [] }),
  ])
}

/** Builds the chain's next block: transfers, and calls in two of three. */
export function makeNext(chain: Chain, view = chain.head.header.height + 1): Made {
  const { height } = chain.head.header
  const batches = height % 3 === 0 ? [transfers(chain)] : [transfers(chain), calls(chain)]
  const described = batches.map((batch) => describeBatch(provider, chain.domains, batch))
  const timestamp = chain.head.header.timestamp + 1000n
  const block = buildBlock(chain, { batches: described, proposer, timestamp, view })
  return { block, batches, stateRoot: block.stateRoot }
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

/** Executes a block that was made elsewhere. */
export function follow(chain: Chain, { block, batches }: Made): ExecutedBlock {
  return verifyBlock(
    chain,
    block.header,
    batches.map((batch) => describeBatch(provider, chain.domains, batch)),
  )
}
