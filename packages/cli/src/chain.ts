import { BanyanError, banyanError, fail, formatAmount, parseAmount } from '@banyan/base'
import {
  type Asset,
  type Client,
  createClient,
  getAsset,
  getAssets,
  type Sending,
  type Summary,
} from '@banyan/sdk'
import type { Context } from './command-spec.js'
import { exitCodes } from './exit-codes.js'
import { networkUrl } from './running.js'

/** The network that a command is about. Error: LocalNotRunning. */
export async function openClient({ settings }: Context): Promise<Client> {
  return createClient({ url: await networkUrl(settings), timeoutMs: settings.timeout * 1_000 })
}

/** An asset as amounts need it. */
export type KnownAsset = Pick<Asset, 'asset' | 'symbol' | 'decimals'>

export const figAsset: KnownAsset = { asset: 0, symbol: 'FIG', decimals: 18 }
const maxPages = 100

/** An asset by its number or symbol. Where several have a symbol, only the number tells. Errors: TokenUnknown, UsageWrong. */
export async function findAsset(client: Client, text: string, signal: AbortSignal): Promise<KnownAsset> {
  if (text.toUpperCase() === figAsset.symbol || text === '0') return figAsset
  if (/^\d{1,15}$/.test(text)) return getAsset(client, { asset: Number(text), signal })
  const found = (await allAssets(client, signal)).filter(({ symbol }) => symbol === text)
  if (found.length > 1) {
    const numbers = found.map(({ asset }) => asset).join(', ')
    fail('UsageWrong', {
      command: 'banyan',
      reason: `several tokens are named ${text}; name one by its number: ${numbers}`,
    })
  }
  return found[0] ?? fail('TokenUnknown', { token: text })
}

/** All assets, up to a bound. */
export async function allAssets(client: Client, signal: AbortSignal): Promise<readonly Asset[]> {
  const all: Asset[] = []
  let from: number | null = 0
  for (let page = 0; from !== null && page < maxPages; page++) {
    const { items, next }: Awaited<ReturnType<typeof getAssets>> = await getAssets(client, {
      from,
      limit: 1_000,
      signal,
    })
    all.push(...items)
    from = next
  }
  return all
}

/** By number, all assets that these transactions moved. */
export async function movedAssets(
  client: Client,
  transactions: readonly Summary[],
  signal: AbortSignal,
): Promise<ReadonlyMap<number, KnownAsset>> {
  const numbers = new Set(transactions.flatMap(({ movements }) => movements.map(({ asset }) => asset)))
  numbers.delete(figAsset.asset)
  const found = await Promise.all([...numbers].map((asset) => getAsset(client, { asset, signal })))
  return new Map([figAsset, ...found].map((asset) => [asset.asset, asset]))
}

/** Base units of an amount of an asset that somebody has written. Errors: AmountMalformed, AmountOverflow, UsageWrong. */
export function readAmount(text: string, { decimals }: KnownAsset): bigint {
  const amount = parseAmount(text.replaceAll('_', ''), decimals)
  return amount > 0n
    ? amount
    : fail('UsageWrong', { command: 'banyan', reason: 'an amount must be more than nothing' })
}

/** Such as "12.5 FIG". */
export function shownAmount(amount: bigint, { symbol, decimals }: KnownAsset): string {
  return `${formatAmount(amount, decimals)} ${symbol}`
}

/** An error about funds in amounts of this asset, as people read them; any other error as it is. */
function inAmounts(error: unknown, asset: KnownAsset): unknown {
  if (!(error instanceof BanyanError) || error.kind !== 'FundsInsufficient') return error
  const [, balance, required] = /balance (\d+), required (\d+)/.exec(error.message) ?? []
  if (balance === undefined || required === undefined) return error
  const shown = (amount: string): string => shownAmount(BigInt(amount), asset)
  return banyanError('FundsShort', { balance: shown(balance), required: shown(required) }, error)
}

/**
 * Shows a transaction on its way until it is final. `value` and `line` are of what it does, `asset` is what it pays in.
 * Errors: those of sending, FundsShort, WaitedTooLong.
 */
export async function followSending(
  { output, signal, options, settings }: Context,
  sending: Sending,
  asset: KnownAsset,
  value: object,
  line: string,
): Promise<number> {
  const { timeout } = settings
  const id = await inTime(sending.submitted, 'Handing over the transaction', timeout).catch(
    (error: unknown) => {
      throw inAmounts(error, asset)
    },
  )
  if (options['wait'] === false) {
    output.result({ ...value, id, state: 'pending' }, [`Sent: ${line}`, output.paint.quiet(id)])
    return exitCodes.done
  }
  output.transient(`  on its way: ${id}`)
  const receipt = await inTime(sending.final, `Agreement on the transaction ${id}`, timeout)
  signal.throwIfAborted()
  const { fee, gasUsed } = receipt
  output.result({ ...value, id, state: 'final', fee, gasUsed }, [
    `${output.paint.good('Final:')} ${line}`,
    output.paint.quiet(id),
    output.paint.quiet(`fee ${shownAmount(fee, figAsset)}`),
  ])
  return exitCodes.done
}

/** What is promised, if it comes within this time. Error: WaitedTooLong. */
async function inTime<Result>(promised: Promise<Result>, what: string, seconds: number): Promise<Result> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(banyanError('WaitedTooLong', { what, seconds })), seconds * 1_000)
  })
  try {
    return await Promise.race([promised, late])
  } finally {
    clearTimeout(timer)
  }
}
