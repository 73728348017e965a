import { fail, type Hex } from '@banyan/base'
import { getBlock, getBlockTransactions } from '@banyan/sdk'
import { movedAssets, openClient } from '../chain.js'
import type { Context } from '../command-spec.js'
import { summaryLine } from '../summary-line.js'

const maxShown = 100

/** A block and the transactions in it. */
export async function run(context: Context): Promise<undefined> {
  const { output, signal } = context
  const client = await openClient(context)
  const block = await getBlock(client, { block: choiceOf(context.arguments['block']), signal })
  const { items, next } = await getBlockTransactions(client, { block: block.height, limit: maxShown, signal })
  const assets = await movedAssets(client, items, signal)
  output.result({ ...block, transactions: items, hasMore: next !== null }, [
    `${output.paint.bold(`Block ${block.height}`)}  ${new Date(block.timestamp).toISOString()}`,
    `  id        ${block.id}`,
    `  proposer  ${block.proposer}`,
    `  gas       ${block.gasUsed}`,
    ...(items.length === 0 ? ['  no transactions'] : items.map((item) => `  ${summaryLine(item, assets)}`)),
    ...(next === null ? [] : [`  and ${block.included - items.length} more`]),
  ])
}

function choiceOf(text: string | undefined): number | Hex | 'latest' {
  if (text === undefined || text === 'latest') return 'latest'
  if (/^\d{1,15}$/.test(text)) return Number(text)
  if (/^0x[0-9a-fA-F]{64}$/.test(text)) return text as Hex
  return fail('UsageWrong', { command: 'banyan block', reason: `"${text}" is neither a height nor an id` })
}
