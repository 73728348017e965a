import type { Hex } from '@banyan/base'
import type { Client } from '../client.js'
import { type Address, type Hash, requireCount, requireHash } from '../hex.js'
import { ask, type Options } from '../http.js'

/** A final block. */
export type Block = {
  readonly height: number
  readonly id: Hash
  readonly parentId: Hash
  readonly proposer: Address
  /** Milliseconds since the Unix epoch. */
  readonly timestamp: number
  readonly view: number
  readonly parentView: number
  readonly payloadRoot: Hash
  readonly receiptsRoot: Hash
  /** Of the state after the parent. */
  readonly stateRoot: Hash
  readonly historyRoot: Hash
  readonly sideChainRoot: Hash
  readonly nextCommitteeHash: Hash
  /** All transactions, skipped ones too. */
  readonly transactionCount: number
  /** Transactions that succeeded or failed. */
  readonly included: number
  readonly gasUsed: number
  /** pip per gas. */
  readonly baseFee: bigint
  readonly size: number
}

/** A block by height, by id, or the newest final one. */
export type BlockChoice = number | Hex | 'latest'

export function blockPath(block: BlockChoice): string {
  if (block === 'latest') return '/v1/blocks/latest'
  return `/v1/blocks/${typeof block === 'number' ? requireCount(block, 'block') : requireHash(block, 'block')}`
}

/** A block as the node writes it. */
export function readBlock(json: unknown): Block {
  const block = json as Omit<Block, 'timestamp' | 'baseFee'> & Record<'timestamp' | 'baseFee', string>
  return { ...block, timestamp: Number(block.timestamp), baseFee: BigInt(block.baseFee) }
}

/** Errors: BlockUnknown, ArgumentInvalid, those of `ask`. */
export async function getBlock(
  client: Client,
  { block = 'latest', signal }: Options & { readonly block?: BlockChoice } = {},
): Promise<Block> {
  return readBlock(await ask(client, blockPath(block), { signal }))
}

/** Most blocks of one answer. */
export const maxBlocks = 100

/**
 * The newest final blocks below `before`, newest first: at most 100, fewer where the chain has no more, or the node keeps
 * no more. Errors: ArgumentInvalid, those of `ask`.
 */
export async function getBlocks(
  client: Client,
  { limit = 20, before, signal }: Options & { readonly limit?: number; readonly before?: number } = {},
): Promise<readonly Block[]> {
  const count = Math.min(requireCount(limit, 'limit'), maxBlocks)
  if (count === 0) return []
  const below = before === undefined ? '' : `&before=${requireCount(before, 'before')}`
  const { blocks } = (await ask(client, `/v1/blocks?limit=${count}${below}`, { signal })) as {
    readonly blocks: readonly unknown[]
  }
  return blocks.map(readBlock)
}
