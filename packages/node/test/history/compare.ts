import { isDeepStrictEqual } from 'node:util'
import { type Address, asHash, concatBytes, type Hash, utf8 } from '@banyan/base'
import { assetAddress } from '@banyan/contracts'
import type { LogQuery, PlacedLog } from '@banyan/node/api'
import type { HistoryIndex } from '@banyan/node/history'
import type { Random } from '@banyan/testing'
import { expect } from 'vitest'
import type { Naive } from './naive.js'
import { people, provider, type RandomChain, wallet } from './random-chain.js'

/** Asks both everything, or what chance picks of it. `to` is the newest height that both know. */
export async function compare(
  index: HistoryIndex,
  naive: Naive,
  chain: RandomChain,
  random: Random,
  to: number,
): Promise<void> {
  expect(index.head()).toBe(to)
  expect(index.history.oldest()).toBe(naive.history.oldest())
  for (let height = 0; height <= to + 2; height++) await compareBlock(index, naive, chain, random, height)
  for (let i = 0; i < 40; i++) await compareLogs(index, naive, randomQuery(random, to), random)
  for (const account of [...people, wallet, assetAddress(1 as never)]) {
    await compareActivity(index, naive, account, random)
  }
}

async function compareBlock(
  { history, receipts }: HistoryIndex,
  naive: Naive,
  chain: RandomChain,
  random: Random,
  height: number,
): Promise<void> {
  const expected = await naive.history.blockAt(height)
  same(await history.blockAt(height), expected)
  same(await receipts(height), await naive.receipts(height))
  const made = chain.blocks[height]
  if (made !== undefined) same(await history.blockById(made.block.id), expected)
  const count = expected?.included ?? 10
  same(await history.ids(height, 0, count + 5), await naive.history.ids(height, 0, count + 5))
  const from = random.below(count + 5)
  const limit = random.below(count + 5)
  same(await history.ids(height, from, limit), await naive.history.ids(height, from, limit))
  const part = await naive.history.included(height, from, limit)
  same(await history.included(height, from, limit), part)
  const receiptBytes = made?.block.receipts ?? new Uint8Array(0)
  for (let i = 0; i < receiptBytes.length; i += 128 * (1 + random.below(12))) {
    const id = asHash(receiptBytes.slice(i, i + 32))
    same(await history.transaction(id), await naive.history.transaction(id))
  }
  expect(await history.transaction(asHash(random.bytes(32)))).toBeUndefined()
  const before = { height, index: random.below(count + 5) }
  same(await history.latest(before, limit), await naive.history.latest(before, limit))
}

/** All pages of a query, of random lengths. */
async function compareLogs(
  { history }: HistoryIndex,
  naive: Naive,
  query: LogQuery,
  random: Random,
): Promise<void> {
  const { logs: expected } = await naive.history.logs({ ...query, limit: 1e9 })
  const found: PlacedLog[] = []
  for (let isComplete = false; !isComplete; ) {
    const after = found.at(-1)
    const limit = 5 + random.below(1 + random.below(900))
    const page = await history.logs({ ...query, limit, ...(after === undefined ? {} : { after }) })
    expect(page.logs.length).toBeLessThanOrEqual(limit)
    if (!page.complete) expect(page.logs.length).toBe(limit)
    found.push(...page.logs)
    isComplete = page.complete
  }
  same(found, expected)
}

/** The fast comparison first: the one that explains is slow. */
function same(found: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(found, expected)) expect(found).toEqual(expected)
}

const events = ['Transfer(address,address,uint256)', 'Approval(address,address,uint256)', 'Nothing()'].map(
  (text) => provider.keccak256(utf8(text)),
)

function randomQuery(random: Random, to: number): LogQuery {
  const pick = <Value>(values: readonly Value[], most: number): Value[] =>
    Array.from({ length: random.below(most + 1) }, () => values[random.below(values.length)]!)
  const accounts = [...people, wallet]
  const assets = [0, 0, 1, 2, 3].map((asset) => assetAddress(asset as never))
  const owner = (): Hash[] => (random.below(2) === 0 ? [] : pick(accounts.map(topicOf), 2))
  const topics = [pick(events, 2), owner(), owner(), random.below(9) === 0 ? [topicOf(wallet)] : []]
  const from = random.below(to + 1)
  return {
    from,
    to: from + random.below(to + 3),
    addresses: random.below(2) === 0 ? [] : pick([...assets, wallet], 2),
    topics: topics.slice(0, random.below(5)),
    limit: 1,
  }
}

function topicOf(account: Address): Hash {
  return asHash(concatBytes(new Uint8Array(12), account))
}

async function compareActivity(
  index: HistoryIndex,
  naive: Naive,
  account: Address,
  random: Random,
): Promise<void> {
  const expected = await naive.history.activity(account, undefined, 1e9)
  const found = []
  for (;;) {
    const last = found.at(-1)
    const limit = 5 + random.below(1 + random.below(900))
    const page = await index.history.activity(account, last, limit)
    found.push(...page)
    if (page.length < limit) break
  }
  same(found, expected)
}
