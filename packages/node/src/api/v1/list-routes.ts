import { type Address, asAssetId } from '@banyan/base'
import { z } from 'zod'
import type { BlockRecord, IncludedTransaction, TransactionPlace } from '../history.js'
import { suggestedTip } from '../json-rpc/methods/fees.js'
import type { NodeApi } from '../port.js'
import { blockForm, blockJson } from './block-form.js'
import { blockOf } from './chain-routes.js'
import * as F from './forms.js'
import { type Route, route } from './route.js'
import { assetForm, assetJson } from './state-routes.js'
import { summaryForm, summaryJson } from './summary-form.js'

const none = z.object({})
const json = (schema: z.ZodType) => ({ kind: 'json', schema }) as const

const maxSummaries = 100
const maxBlocks = 100
/** Assets that one answer looks at. */
const maxAssets = 1_000

const limitIn = (most: number) =>
  F.heightIn.refine((value) => value >= 1 && value <= most, `from 1 to ${most}`).optional()

const newestFirst = z.object({
  before: z
    .string()
    .regex(/^\d{1,15}:\d{1,15}$/)
    .transform((text): TransactionPlace => {
      const [height, index] = text.split(':').map(Number)
      return { height: height!, index: index! }
    })
    .optional(),
  limit: limitIn(maxSummaries),
})
const inBlock = z.object({ from: F.heightIn.optional(), limit: limitIn(maxSummaries) })
const byNumber = z.object({ from: F.assetIn.optional(), limit: limitIn(maxAssets) })

const byHeight = z.object({ before: F.heightIn.optional(), limit: limitIn(maxBlocks) })

const blocksForm = z.object({
  blocks: z.array(blockForm),
  next: F.height.nullable().meta({ description: 'Value of "before" for the next page' }),
})
const summariesForm = z.object({
  transactions: z.array(summaryForm),
  next: z.string().nullable().meta({ description: 'Value of "before" for the next page' }),
})
const blockSummariesForm = z.object({ transactions: z.array(summaryForm), next: F.count.nullable() })
const assetsForm = z.object({
  height: F.height,
  assets: z.array(assetForm.omit({ height: true }).extend({ asset: F.count })),
  next: F.count.nullable(),
})
const balancesForm = z.object({
  height: F.height,
  balances: z.array(z.object({ asset: F.count, balance: F.amount })),
  next: F.count.nullable().meta({ description: 'Value of "from" for the next page' }),
})
const feesForm = z.object({
  height: F.height.meta({ description: 'The prices are those of the block after this one' }),
  compute: F.amount.meta({ description: 'Base fee in pip per gas' }),
  bytes: F.amount,
  state: F.amount,
  tip: F.amount.meta({ description: 'Tip in pip per gas that gets a transaction in' }),
  gasLimit: F.count.meta({ description: 'Most gas of one transaction' }),
})

/** Final blocks below a height, newest first; fewer than the limit where older ones are no longer kept. */
async function blocksBelow({ history }: NodeApi, top: number, limit: number) {
  const blocks: BlockRecord[] = []
  for (let height = top - 1; height >= history.oldest() && blocks.length < limit; height--) {
    const block = await history.blockAt(height)
    if (block === undefined) break
    blocks.push(block)
  }
  return blocks
}

/** Summaries with the times of their blocks. */
async function summariesOf(node: NodeApi, found: readonly IncludedTransaction[], account?: Address) {
  const times = new Map<number, bigint>()
  for (const { height } of found) {
    if (times.has(height)) continue
    times.set(height, (await node.history.blockAt(height))?.header.timestamp ?? 0n)
  }
  const { provider } = node.identity
  return found.map((included) => summaryJson(provider, included, times.get(included.height)!, account))
}

/** A page of summaries, newest first. */
async function page(node: NodeApi, found: readonly IncludedTransaction[], limit: number, account?: Address) {
  const last = found.at(-1)
  const isFull = found.length === limit && last !== undefined
  return {
    transactions: await summariesOf(node, found, account),
    next: isFull ? `${last.height}:${last.index}` : null,
  }
}

/** Lists for wallets and explorers, and the prices that they need. */
export const listRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/v1/blocks',
    id: 'listBlocks',
    summary: 'Final blocks, newest first, in pages.',
    params: none,
    query: byHeight,
    answer: json(blocksForm),
    run: async ({ node }, { query: { before = Number.MAX_SAFE_INTEGER, limit = 25 } }) => {
      const top = Math.min(before, node.head().header.height + 1)
      const blocks = await blocksBelow(node, top, limit)
      const last = blocks.at(-1)?.header.height ?? 0
      const isMore = blocks.length === limit && last > node.history.oldest()
      return { blocks: blocks.map(blockJson), next: isMore ? last : null }
    },
  }),
  route({
    method: 'get',
    path: '/v1/transactions',
    id: 'listTransactions',
    summary: 'Transactions of final blocks, newest first, in pages.',
    params: none,
    query: newestFirst,
    answer: json(summariesForm),
    run: async ({ node }, { query: { before, limit = 25 } }) =>
      page(node, await node.history.latest(before, limit), limit),
  }),
  route({
    method: 'get',
    path: '/v1/accounts/{address}/transactions',
    id: 'listActivity',
    summary:
      'Transactions that an account sent, that pay or call it, or that move its assets; newest first, in pages.',
    params: z.object({ address: F.addressIn }),
    query: newestFirst,
    answer: json(summariesForm),
    run: async ({ node }, { params: { address }, query: { before, limit = 25 } }) =>
      page(node, await node.history.activity(address, before, limit), limit, address),
  }),
  route({
    method: 'get',
    path: '/v1/blocks/{block}/summaries',
    id: 'listBlockTransactions',
    summary: 'Transactions of a block in its order, in pages.',
    params: z.object({ block: F.blockIn }),
    query: inBlock,
    answer: json(blockSummariesForm),
    run: async ({ node }, { params, query: { from = 0, limit = 25 } }) => {
      const { header, included } = await blockOf(node, params.block)
      const found = await node.history.included(header.height, from, limit)
      const next = from + found.length
      return {
        transactions: await summariesOf(node, found),
        next: next < included && found.length > 0 ? next : null,
      }
    },
  }),
  route({
    method: 'get',
    path: '/v1/assets',
    id: 'listAssets',
    summary: 'All assets by number, in pages.',
    params: none,
    query: byNumber,
    answer: json(assetsForm),
    run: async ({ node }, { query: { from = asAssetId(0), limit = 100 } }) => {
      const view = node.view()
      const assets: unknown[] = []
      let number: number = from
      for (; number < from + limit; number++) {
        const asset = view.asset(asAssetId(number))
        if (asset === undefined) break
        assets.push({ asset: number, ...assetJson(asset) })
      }
      const isMore = view.asset(asAssetId(number)) !== undefined
      return { height: node.head().header.height, assets, next: isMore ? number : null }
    },
  }),
  route({
    method: 'get',
    path: '/v1/accounts/{address}/balances',
    id: 'listBalances',
    summary: 'What an account holds, by asset number, in pages; asset 0 is FIG.',
    params: z.object({ address: F.addressIn }),
    query: z.object({ from: F.assetIn.optional() }),
    answer: json(balancesForm),
    run: async ({ node }, { params: { address }, query: { from = asAssetId(0) } }) => {
      const view = node.view()
      const balances: { asset: number; balance: string }[] = []
      let number: number = from
      for (; number < from + maxAssets && view.asset(asAssetId(number)) !== undefined; number++) {
        const id = asAssetId(number)
        const held = number === 0 ? (view.account(address)?.balance ?? 0n) : view.balance(address, id)
        if (held > 0n) balances.push({ asset: number, balance: String(held) })
      }
      const isMore = view.asset(asAssetId(number)) !== undefined
      return { height: node.head().header.height, balances, next: isMore ? number : null }
    },
  }),
  route({
    method: 'get',
    path: '/v1/fees',
    id: 'getFees',
    summary: 'What work costs in the next block.',
    params: none,
    query: none,
    answer: json(feesForm),
    run: async ({ node }) => {
      const tip = await suggestedTip(node)
      const { compute, bytes, state } = node.prices()
      const limit = node.identity.gasLimit
      return {
        height: node.head().header.height,
        compute: String(compute),
        bytes: String(bytes),
        state: String(state),
        tip: String(tip),
        gasLimit: Math.min(limit.compute, limit.state),
      }
    },
  }),
]
