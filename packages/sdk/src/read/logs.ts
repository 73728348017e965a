import type { Hex } from '@banyan/base'
import type { Client } from '../client.js'
import { type Hash, requireAddress, requireHash } from '../hex.js'
import { ask, type Options } from '../http.js'
import type { Log, Page } from './transactions.js'

export type PlacedLog = Log & {
  readonly height: number
  readonly blockId: Hash
  /** Among the logs of its block. */
  readonly logIndex: number
  readonly transactionId: Hash
  readonly transactionIndex: number
}

/** Addresses: any of these. Topics: for each position any of these; `null` stands for all. */
export type LogFilter = {
  readonly addresses?: readonly Hex[]
  readonly topics?: readonly (readonly Hex[] | null)[]
}

export type LogRange = {
  /** First and last height. */
  readonly from: number
  readonly to?: number
  readonly limit?: number
  /** The `next` of the page before. */
  readonly after?: string
}

/** Logs of final blocks in order, at most 1,000 at a time. Errors: BlockUnknown, ArgumentInvalid, those of `ask`. */
export async function getLogs(
  client: Client,
  { from, to, limit, after, addresses = [], topics = [], signal }: Options & LogFilter & LogRange,
): Promise<Page<PlacedLog, string>> {
  const query = new URLSearchParams({ from: String(from) })
  if (to !== undefined) query.set('to', String(to))
  if (limit !== undefined) query.set('limit', String(limit))
  if (after !== undefined) query.set('after', after)
  if (addresses.length > 0)
    query.set('address', addresses.map((one) => requireAddress(one, 'addresses')).join())
  for (const [position, some] of topics.entries()) {
    if (some !== null) query.set(`topic${position}`, some.map((one) => requireHash(one, 'topics')).join())
  }
  const { logs, next } = (await ask(client, `/v1/logs?${query}`, { signal })) as {
    readonly logs: readonly PlacedLog[]
    readonly next: string | null
  }
  return { items: logs, next }
}
