import { fail } from '@banyan/base'
import { walletBaseFee } from '@banyan/ledger'
import { z } from 'zod'
import type { BlockRecord } from '../../history.js'
import type { NodeApi } from '../../port.js'
import { requireBlock } from '../block-of.js'
import { method, plainMethod, type RpcMethods } from '../method.js'
import { blockNumberParam, quantityParam } from '../params.js'
import { quantity } from '../quantities.js'
import { totalGasLimit } from '../shapes/block.js'

const maxHistoryBlocks = 1_024
/** Transactions of a block that are looked at for its tips. */
const tipSample = 256
/** Blocks whose tips one request may ask for. */
const maxTipBlocks = 128

/** Base fee of the next block as wallets see it, pip per gas. */
export function nextBaseFee(node: NodeApi): bigint {
  return walletBaseFee(node.prices())
}

/** A tip that gets a transaction in: 0 while blocks have room, else the middle of what the newest block got. */
export async function suggestedTip(node: NodeApi): Promise<bigint> {
  const newest = node.head()
  if (newest.gasUsed * 2 <= totalGasLimit(node.identity.gasLimit)) return 0n
  const [tip = 0n] = await tipsOf(node, newest, [50])
  return tip
}

/** Tips per gas at percentiles of the gas of a block, from its first transactions. */
async function tipsOf(node: NodeApi, block: BlockRecord, percentiles: readonly number[]): Promise<bigint[]> {
  const included = await node.history.included(block.header.height, 0, tipSample)
  const tips = included
    .filter(({ receipt }) => receipt.gasUsed > 0)
    .map(({ receipt }) => ({ tip: receipt.tip / BigInt(receipt.gasUsed), gas: receipt.gasUsed }))
    .sort((a, b) => (a.tip < b.tip ? -1 : a.tip > b.tip ? 1 : 0))
  const total = tips.reduce((sum, { gas }) => sum + gas, 0)
  return percentiles.map((percentile) => {
    const target = (total * percentile) / 100
    let sum = 0
    for (const { tip, gas } of tips) {
      sum += gas
      if (sum >= target) return tip
    }
    return 0n
  })
}

const percentilesParam = z
  .array(z.number().min(0).max(100))
  .max(100)
  .refine((list) => list.every((value, i) => i === 0 || value >= list[i - 1]!), 'percentiles must ascend')

export const feeMethods: RpcMethods = {
  eth_gasPrice: plainMethod(async ({ node }) => quantity(nextBaseFee(node) + (await suggestedTip(node)))),

  eth_maxPriorityFeePerGas: plainMethod(async ({ node }) => quantity(await suggestedTip(node))),

  eth_feeHistory: method(
    z.tuple([quantityParam, blockNumberParam, percentilesParam.nullish()]),
    async ({ node }, count, newest, percentiles) => {
      const last = await requireBlock(node, newest)
      const wanted = count > BigInt(maxHistoryBlocks) ? maxHistoryBlocks : Number(count)
      if (wanted === 0) return { oldestBlock: '0x0', baseFeePerGas: [], gasUsedRatio: [] }
      const asks = percentiles ?? []
      if (asks.length > 0 && wanted > maxTipBlocks) {
        fail('RequestLimitExceeded', { what: 'the number of blocks with percentiles', limit: maxTipBlocks })
      }
      const to = last.header.height
      const from = Math.max(node.history.oldest(), 0, to - wanted + 1)
      const blocks: BlockRecord[] = []
      for (let height = from; height <= to; height++) {
        blocks.push(await requireBlock(node, height))
      }
      const after = await node.history.blockAt(to + 1)
      const fees = [...blocks.map(({ baseFee }) => baseFee), after?.baseFee ?? nextBaseFee(node)]
      const limit = totalGasLimit(node.identity.gasLimit)
      const answer = {
        oldestBlock: quantity(from),
        baseFeePerGas: fees.map(quantity),
        gasUsedRatio: blocks.map(({ gasUsed }) => gasUsed / limit),
      }
      if (asks.length === 0) return answer
      const reward: string[][] = []
      for (const block of blocks) reward.push((await tipsOf(node, block, asks)).map(quantity))
      return { ...answer, reward }
    },
  ),
}
