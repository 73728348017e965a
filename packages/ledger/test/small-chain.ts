import { asHash, maxAmount } from '@banyan/base'
import type { CryptoProvider } from '@banyan/crypto'
import { native } from '@banyan/crypto/native'
import {
  assetFlags,
  buildBlock,
  type Chain,
  createChain,
  createCollection,
  type DescribedBatch,
  describeBatch,
  type ExecutedBlock,
  finalize,
  type Genesis,
  generalBatch,
  type Receipt,
  readReceipt,
  transferBatch,
} from '@banyan/ledger'
import {
  addressOf,
  alice,
  bob,
  carol,
  ethereumAddress,
  guarded,
  oneFig,
  poor,
  proposer,
  wallet,
} from './people.js'
import { rules } from './rules-contract.js'

/** A chain with a few accounts, and blocks for it. */

export * from './chain-content.js'
export * from './people.js'
export { callRules } from './rules-contract.js'
export * from './signed.js'

const asset = (symbol: string, flags: number) => ({
  issuer: addressOf(alice),
  flags,
  decimals: 2,
  cap: maxAmount,
  metadataHash: asHash(new Uint8Array(32).fill(8)),
  name: symbol.toLowerCase(),
  symbol,
  holders: [
    { owner: addressOf(alice), amount: 1_000n },
    { owner: addressOf(carol), amount: 500n },
  ],
})

export const genesis: Genesis = {
  chainId: 77n,
  timestamp: 1_000n,
  fees: {
    start: { compute: 1_000_000n, bytes: 1_000_000n, state: 1_000_000n },
    floor: { compute: 1_000n, bytes: 1_000n, state: 1_000n },
    limit: { compute: 4_000_000, bytes: 20_000_000, state: 8_000_000 },
  },
  maxRows: 1_000_000,
  accounts: [
    { address: addressOf(alice), balance: 100n * oneFig },
    { address: addressOf(bob), balance: 50n * oneFig },
    { address: addressOf(carol), balance: 20n * oneFig, delegate: addressOf(alice) },
    { address: addressOf(guarded), balance: 10n * oneFig },
    { address: addressOf(poor), balance: 5n },
    { address: ethereumAddress(wallet), balance: 30n * oneFig },
  ],
  assets: [asset('USABLE', 0), asset('PAUSED', assetFlags.pausable | assetFlags.paused)],
}

export const collection = createCollection(1, [rules])

/** A new chain at its genesis. */
export function newChain(crypto: CryptoProvider = native, changes: Partial<Genesis> = {}): Chain {
  return createChain({
    genesis: { ...genesis, ...changes },
    provider: crypto,
    collection,
    memory: 'private',
    capacity: { accounts: 32, balances: 32, utxos: 32, storage: 32 },
  })
}

/** The envelopes in batches: runs of transfers, and runs of everything else. */
export function batchesOf(chain: Chain, envelopes: readonly Uint8Array[]): DescribedBatch[] {
  const runs: Uint8Array[][] = []
  for (const [i, envelope] of envelopes.entries()) {
    const before = envelopes[i - 1]
    const isSame = before !== undefined && (before[0] === 0x7a) === (envelope[0] === 0x7a)
    if (isSame) runs.at(-1)!.push(envelope)
    else runs.push([envelope])
  }
  return runs.map((run) => {
    const isTransfers = run[0]![0] === 0x7a
    const batch = isTransfers
      ? transferBatch(Uint8Array.from(run.flatMap((envelope) => [...envelope.subarray(1)])))
      : generalBatch(run)
    return describeBatch(native, chain.domains, batch)
  })
}

/** Adds a block with these transactions, whose signatures are not checked. */
export function addBlock(
  chain: Chain,
  envelopes: readonly Uint8Array[],
  batches = batchesOf(chain, envelopes),
): ExecutedBlock {
  const { height, timestamp } = chain.head.header
  return buildBlock(chain, { batches, proposer, timestamp: timestamp + 1n, view: height + 5 })
}

/** Adds blocks without transactions; all but the last one are final. */
export function addEmptyBlocks(chain: Chain, count: number): void {
  for (let i = 0; i < count; i++) {
    finalize(chain, chain.head.header.height)
    addBlock(chain, [])
  }
}

export function receiptsOf(block: ExecutedBlock): Receipt[] {
  return Array.from({ length: block.header.transactionCount }, (_, i) => readReceipt(block.receipts, i))
}
