import type { Address } from '@banyan/base'
import type { IncludedTransaction, TransactionPlace } from '../api/history.js'
import { transferTopic } from './asset-logs.js'
import { type Reader, readEntry, transactionCursor } from './blocks.js'
import { newestFirst } from './postings.js'
import { addressTerm, termKind } from './terms.js'
import { touches } from './touches.js'

/** Newest transactions of an account, those before `before` if that is given; at most `limit`. */
export async function readActivity(
  reader: Reader,
  account: Address,
  before: TransactionPlace | undefined,
  limit: number,
): Promise<readonly IncludedTransaction[]> {
  const { state, sections } = reader.current()
  if (state === undefined) return []
  const to = before === undefined ? state.ordinal : await ordinalOf(reader, before)
  const topic = transferTopic(reader.provider)
  const term = addressTerm(reader.seed, termKind.account, account)
  const readAt = transactionCursor(reader)
  const found: IncludedTransaction[] = []
  if (limit < 1) return found
  for await (const ordinal of newestFirst(reader.database, sections, term, { from: 0, to })) {
    const read = await readAt(ordinal)
    // Older ones are no longer kept either.
    if (read === undefined) break
    if (!touches(account, topic, read.one)) continue
    found.push(read.one)
    if (found.length === limit) break
  }
  return found
}

/** Newest transactions of all, those before `before` if that is given; at most `limit`. */
export async function readLatest(
  reader: Reader,
  before: TransactionPlace | undefined,
  limit: number,
): Promise<readonly IncludedTransaction[]> {
  const { state } = reader.current()
  if (state === undefined) return []
  const to = before === undefined ? state.ordinal : await ordinalOf(reader, before)
  const readAt = transactionCursor(reader)
  const found: IncludedTransaction[] = []
  for (let ordinal = to - 1; ordinal >= 0 && found.length < limit; ordinal--) {
    const read = await readAt(ordinal)
    if (read === undefined) break
    found.push(read.one)
  }
  return found
}

/** Number of the transactions before a place. */
async function ordinalOf(reader: Reader, { height, index }: TransactionPlace): Promise<number> {
  const { state } = reader.current()
  if (height > state!.head) return state!.ordinal
  const entry = await readEntry(reader, height)
  return entry === undefined ? 0 : entry.ordinal + Math.min(index, entry.included)
}
