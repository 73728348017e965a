import { asAddress, asAssetId, asHeight, toHex } from '@banyan/base'
import { type Chain, type ExecutedBlock, encodeHeader } from '@banyan/ledger'
import * as S from './small-chain.js'

/** What the published vectors of a small chain hold, in hex. */
export type ChainVectors = {
  readonly genesis: { readonly id: string; readonly header: string; readonly stateRoot: string }
  readonly blocks: readonly {
    readonly proposer: string
    readonly timestamp: string
    readonly view: number
    readonly batches: readonly string[]
    readonly digests: readonly string[]
    readonly receipts: string
    readonly receiptsRoot: string
    readonly header: string
    readonly id: string
    /** After the block. */
    readonly stateRoot: string
  }[]
}

/** Transactions of the blocks, each made for the chain as it is then. Accounts 1, 2 and 3 are alice, bob and carol. */
export const vectorBlocks: readonly ((chain: Chain) => readonly Uint8Array[])[] = [
  (chain) => [
    S.transfer(chain, { nonce: 1n, payee: asAddress(new Uint8Array(20).fill(0x31)), amount: 5n * S.oneFig }),
    S.transfer(chain, { nonce: 2n, asset: S.usable, payee: S.addressOf(S.bob), amount: 250n, tip: 0 }),
    S.transfer(chain, { nonce: 3n, asset: S.usable, amount: 100_000n }),
  ],
  (chain) => [
    S.pack(chain, {
      nonce: 4n,
      mode: 'perItem',
      items: [
        { payer: 1, payee: 2, amount: 3n },
        { payer: 2, payee: 1, amount: 4n },
        { payer: 3, payee: 1, amount: 10n ** 30n },
        { payer: 3, payee: 2, amount: S.oneFig },
      ],
    }),
    S.pack(chain, { nonce: 5n, asset: S.usable, items: [{ payer: 3, payee: 4, amount: 20n }] }),
    S.transfer(chain, { nonce: 6n, key: S.bob, payee: S.addressOf(S.bob), amount: 1n }),
  ],
  (chain) => [
    S.pack(chain, {
      nonce: 7n,
      items: [
        { payer: 1, payee: 2, amount: 1n },
        { payer: 2, payee: 1, amount: 1n },
      ],
    }),
    S.transfer(chain, { nonce: 8n, key: S.carol, amount: 0n, asset: asAssetId(2) }),
    S.transfer(chain, {
      nonce: 9n,
      key: S.carol,
      amount: 1n,
      validUntil: asHeight(64n),
      mark: chain.genesisId,
    }),
  ],
]

/** The vectors of one block, `batches` encoded. */
export function blockVector(
  block: ExecutedBlock,
  batches: ReturnType<typeof S.batchesOf>,
): ChainVectors['blocks'][number] {
  const { header } = block
  return {
    proposer: toHex(header.proposer),
    timestamp: header.timestamp.toString(),
    view: header.view,
    batches: batches.map(({ batch }) => toHex(batch.bytes)),
    digests: batches.map(({ digest }) => toHex(digest)),
    receipts: toHex(block.receipts),
    receiptsRoot: toHex(header.receiptsRoot),
    header: toHex(encodeHeader(header)),
    id: toHex(block.id),
    stateRoot: toHex(block.stateRoot),
  }
}
