import { fail, formatAmount } from '@banyan/base'
import { type Client, getActivity, type Movement, type Summary } from '@banyan/sdk'
import { type KnownAsset, movedAssets, openClient } from '../chain.js'
import type { Context } from '../command-spec.js'
import { addressOf, shownAddress } from '../names.js'
import { table } from '../table.js'

const maxLines = 10_000
const pageSize = 100
const heads = ['time', 'block', 'transaction', 'from', 'to', 'amount', 'asset', 'state', 'fee'] as const

/** What has moved on an account, newest first: a row for each movement, or for a transaction that moved nothing. */
export async function run(context: Context): Promise<undefined> {
  const { output, signal, options } = context
  const client = await openClient(context)
  const address = await addressOf(context.arguments['account'] ?? '', client.url, context)
  const transactions = await newest(client, address, countOf(String(options['lines'] ?? '20')), signal)
  const assets = await movedAssets(client, transactions, signal)
  const rows = transactions.flatMap((found) => rowsOf(found, assets))
  const lines =
    rows.length === 0
      ? ['Nothing has moved yet.']
      : table(
          heads.filter((name) => name !== 'transaction'),
          rows.map((row) => shownRow(row, address)),
          output.paint,
        )
  output.rows({ address, transactions }, heads, rows, lines)
}

function countOf(text: string): number {
  const count = Number(text)
  if (Number.isSafeInteger(count) && count >= 1 && count <= maxLines) return count
  return fail('UsageWrong', {
    command: 'banyan account history',
    reason: `--lines is not a number from 1 to ${maxLines}`,
  })
}

async function newest(
  client: Client,
  address: `0x${string}`,
  count: number,
  signal: AbortSignal,
): Promise<readonly Summary[]> {
  const all: Summary[] = []
  let before: string | null = null
  do {
    const limit = Math.min(pageSize, count - all.length)
    const page: Awaited<ReturnType<typeof getActivity>> = await getActivity(client, {
      address,
      limit,
      signal,
      ...(before === null ? {} : { before }),
    })
    all.push(...page.items)
    before = page.next
  } while (before !== null && all.length < count)
  return all
}

function rowsOf(found: Summary, assets: ReadonlyMap<number, KnownAsset>): readonly (readonly string[])[] {
  const { timestamp, height, id, from, to, status, fee, movements } = found
  const row = (movement: Movement | undefined): readonly string[] => {
    const asset = movement && assets.get(movement.asset)!
    return [
      new Date(timestamp).toISOString(),
      String(height),
      id,
      movement?.from ?? from,
      movement?.to ?? to ?? '',
      movement && asset ? formatAmount(movement.amount, asset.decimals) : '',
      asset?.symbol ?? '',
      status === 'success' ? 'final' : 'failed',
      // The fee is the transaction's, not each movement's.
      movement === undefined || movement === movements[0] ? formatAmount(fee) : '',
    ]
  }
  return movements.length === 0 ? [row(undefined)] : movements.map(row)
}

/** A row for people, from the view of an account: times to the second, addresses that can still be told apart. */
function shownRow(row: readonly string[], own: string): readonly string[] {
  const [time = '', block = '', , from = '', to = '', ...rest] = row
  const party = (address: string): string => {
    if (address.toLowerCase() === own.toLowerCase()) return 'this account'
    return address === '' ? '' : shortAddress(shownAddress(address))
  }
  return [`${time.slice(0, 10)} ${time.slice(11, 19)}`, block, party(from), party(to), ...rest]
}

function shortAddress(address: string): string {
  return `${address.slice(0, 8)}…${address.slice(-4)}`
}
