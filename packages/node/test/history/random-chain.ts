import { type Address, asAddress, asAssetId, asChainId, asHash, asHeight, type Hash } from '@banyan/base'
import { assetAddress, contractAddress, factoryAbi, genesisCollection, tokenAbi } from '@banyan/contracts'
import { ed25519Address, secp256k1Address } from '@banyan/crypto'
import { native as provider } from '@banyan/crypto/native'
import {
  buildBlock,
  type Chain,
  createChain,
  describeBatch,
  type EthereumTransaction,
  encodeBlock,
  encodeEthereum,
  encodeNative,
  encodePackage,
  finalize,
  type Genesis,
  generalBatch,
  nativeId,
  packItems,
  signEd25519,
  signEthereum,
  signPackage,
  stateView,
  transferBatch,
  transferOffsets,
  transferRecordLength,
} from '@banyan/ledger'
import type { FinalBlock } from '@banyan/node/history'
import type { Random } from '@banyan/testing'
import { encodeFunctionData, type Hex, toHex, zeroHash } from 'viem'

export { provider }

const seeds = Array.from({ length: 12 }, (_, i) => new Uint8Array(32).fill(i + 1))
const keys = seeds.map((seed) => provider.ed25519.publicKey(seed))
export const people: readonly Address[] = keys.map((key) => ed25519Address(provider, key))
const walletKey = new Uint8Array(32).fill(99)
export const wallet = secp256k1Address(provider, provider.secp256k1.publicKey(walletKey))
const proposer = asAddress(new Uint8Array(20).fill(0xee))
const limit = 4 * 10 ** 9
const prices = { compute: 1_000n, bytes: 10n, state: 10n }

const genesis: Genesis = {
  chainId: 7n,
  timestamp: 1_000n,
  fees: {
    start: prices,
    floor: { compute: 0n, bytes: 0n, state: 0n },
    limit: { compute: limit, bytes: limit, state: limit },
  },
  maxRows: 100_000,
  accounts: [...people.slice(0, 10), wallet].map((address) => ({ address, balance: 10n ** 24n })),
  assets: [],
}

/** Blocks as a node gives them to its index, and what their block log holds. The block at height h is number h. */
export type RandomChain = {
  readonly genesisId: Hash
  readonly blocks: readonly FinalBlock[]
  readonly encoded: readonly Uint8Array[]
  readonly addressOf: (account: number) => Address
}

export type ChainShape = {
  readonly blocks: number
  /** Most transfers of a block. */
  readonly transfers: number
  /** Most other transactions of a block. */
  readonly others: number
}

/** Blocks with transactions of all kinds, among them some that fail and some that are skipped. */
export function randomChain(random: Random, shape: ChainShape): RandomChain {
  const chain = createChain({
    genesis,
    provider,
    collection: genesisCollection,
    memory: 'private',
    capacity: { accounts: 64, balances: 64, utxos: 64, storage: 64 },
  })
  const { header, id } = chain.head
  const nothing = { receipts: new Uint8Array(0), logs: new Map(), itemResults: new Map() }
  const blocks: FinalBlock[] = [{ block: { header, id, ...nothing }, batches: [], baseFee: prices.compute }]
  const encoded = [encodeBlock({ header, batches: [] })]
  while (blocks.length <= shape.blocks) {
    const batches = randomBatches(chain, random, shape).map((batch) =>
      describeBatch(provider, chain.domains, batch),
    )
    const { height, timestamp } = chain.head.header
    const proposal = { batches, proposer, timestamp: timestamp + 1000n, view: height + 1 }
    const block = buildBlock(chain, { ...proposal, justification: random.bytes(random.below(90)) })
    finalize(chain, block.header.height)
    blocks.push({ block, batches, baseFee: random.bigint(1n << 64n) })
    encoded.push(encodeBlock({ header: block.header, batches: batches.map(({ batch }) => batch) }))
  }
  const rows = chain.state.accounts.rows
  const addressOf = (account: number): Address =>
    asAddress(Uint8Array.from(rows.bytes.subarray(account * 64, account * 64 + 20)))
  return { genesisId: chain.genesisId, blocks, encoded, addressOf }
}

function randomBatches(chain: Chain, random: Random, shape: ChainShape) {
  const transfers = transferRecords(chain, random, random.below(shape.transfers + 1))
  const more = transferRecords(chain, random, random.below(20))
  // A copy of what came before is skipped: in front of, between and behind others.
  const copies = transfers.subarray(0, transferRecordLength * random.below(transfers.length / 192 + 1))
  const others = Array.from({ length: random.below(shape.others + 1) }, (_, i) =>
    otherEnvelope(chain, random, i),
  )
  const repeated = [...others, ...others.slice(0, random.below(others.length + 1)), ...wallets(chain, random)]
  return [
    ...(transfers.length > 0 ? [transferBatch(transfers)] : []),
    ...(repeated.length > 0 ? [generalBatch(repeated)] : []),
    ...(copies.length + more.length > 0 ? [transferBatch(Buffer.concat([copies, more]))] : []),
  ]
}

/** Transfers without valid signatures, which nothing here checks. The last two people own nothing at first. */
function transferRecords(chain: Chain, random: Random, count: number): Uint8Array {
  const records = Buffer.alloc(count * transferRecordLength)
  for (let i = 0; i < count; i++) {
    const at = i * transferRecordLength
    // Half of all are sent by one person, who is therefore frequent.
    const payer = random.below(2) === 0 ? 0 : random.below(keys.length)
    records.set(keys[payer]!, at + transferOffsets.payerKey)
    const mark = random.below(20) === 0 ? asHash(random.bytes(32)) : chain.head.id
    records.set(mark, at + transferOffsets.mark)
    const payee = random.below(9) === 0 ? asAddress(random.bytes(20)) : people[random.below(people.length)]!
    records.set(payee, at + transferOffsets.payee)
    records.writeUInt32LE(random.below(8) === 0 ? random.below(3) : 0, at + transferOffsets.asset)
    records.writeUInt32LE(random.u32(), at + transferOffsets.nonce)
    const isHuge = random.below(10) === 0
    records.writeUInt32LE(random.u32(), at + transferOffsets.amount + (isHuge ? 12 : 0))
    records.writeUInt32LE(4_000_000_000, at + transferOffsets.maxFee)
    records.writeUInt32LE(random.below(3) * random.below(1000), at + transferOffsets.tip)
    records.writeUInt32LE(chain.head.header.height + 5, at + transferOffsets.validUntil)
  }
  return records
}

let nextNonce = 0n

function otherEnvelope(chain: Chain, random: Random, index: number): Uint8Array {
  nextNonce++
  const { height } = chain.head.header
  if (index === 0 && height % 8 === 0)
    return nativeCall(chain, 0, contractAddress('banyan/factory'), newToken())
  const caller = random.below(3)
  const token = assetAddress(asAssetId(1 + random.below(2)))
  const other = toHex(people[random.below(people.length)]!)
  const amount = BigInt(random.below(400))
  switch (random.below(3)) {
    case 0:
      return packageOf(chain, random)
    case 1:
      return nativeCall(chain, caller, token, erc20('transfer', other, amount))
    default:
      return nativeCall(chain, caller, token, erc20('approve', other, amount))
  }
}

function erc20(functionName: 'transfer' | 'approve', to: Hex, amount: bigint): Hex {
  return encodeFunctionData({ abi: tokenAbi, functionName, args: [to, amount] })
}

function newToken(): Hex {
  const args = ['Token', 'TOK', 2, 100_000n, 100_000n, 0, zeroHash] as const
  return encodeFunctionData({ abi: factoryAbi, functionName: 'create', args })
}

function nativeCall(chain: Chain, caller: number, to: Address, data: Hex): Uint8Array {
  const body = {
    chainId: asChainId(genesis.chainId),
    account: people[caller]!,
    mark: chain.head.id,
    validUntil: asHeight(BigInt(chain.head.header.height + 9)),
    nonce: nextNonce,
    gasLimit: 10_000_000n,
    maxFeePerGas: 10n ** 9n,
    tipPerGas: 0n,
    sponsor: asAddress(new Uint8Array(20)),
    calls: [{ to, value: 0n, data: Buffer.from(data.slice(2), 'hex') }],
    accessKeys: [],
    postConditions: [],
  }
  const id = nativeId(provider, chain.domains.native, body)
  return encodeNative({
    kind: 'native',
    body,
    signatures: [signEd25519(provider, id, seeds[caller]!)],
    sponsor: [],
  })
}

function packageOf(chain: Chain, random: Random): Uint8Array {
  const accounts = Array.from({ length: 8 }, () => 1 + random.below(12))
  const fields = {
    mark: chain.head.id,
    nonce: nextNonce,
    validUntil: asHeight(BigInt(chain.head.header.height + 5)),
    asset: asAssetId(random.below(2)),
    maxFee: 4_000_000_000,
    tip: 0,
    mode: random.below(2) === 0 ? ('atomic' as const) : ('perItem' as const),
    // Payer 2 is the signer; others have delegated nothing.
    items: packItems(
      accounts.map((payee, i) => ({ payer: random.below(6) === 0 ? payee : 2, payee, amount: BigInt(i) })),
    ),
  }
  return encodePackage(signPackage(provider, chain.domains.package, fields, seeds[1]!))
}

/** Payments of the wallet with the right nonces, and at times one with a wrong one. */
function wallets(chain: Chain, random: Random): Uint8Array[] {
  const first = stateView(chain.state).account(wallet)!.nonce
  return Array.from({ length: random.below(3) }, (_, i) => {
    const unsigned = {
      type: 2,
      chainId: asChainId(genesis.chainId),
      nonce: first + BigInt(i + (random.below(5) === 0 ? 7 : 0)),
      maxFeePerGas: 10n ** 9n,
      maxPriorityFeePerGas: 7n,
      gasLimit: 100_000n,
      to: people[random.below(people.length)]!,
      value: 12n,
      data: new Uint8Array(0),
      accessList: [],
    } as const
    const signed: EthereumTransaction = signEthereum(provider, unsigned, walletKey)
    return encodeEthereum(signed)
  })
}
