import { join } from 'node:path'
import { fail } from '@banyan/base'
import { native } from '@banyan/crypto/native'
import { openNodeDisk } from '@banyan/storage/node'
import type { Row } from '../charge/charge.js'
import { type LocalBook, openBook } from '../store/book.js'
import type { ChargeStore } from '../store/port.js'
import { type Analytics, openAnalytics } from './analytics.js'
import { createHashThread } from './hash-thread.js'

export type EmbeddedStoreOptions = {
  /** A folder for this store alone. */
  readonly folder: string
  readonly region: string
  /** ms since the Unix epoch. */
  readonly now?: () => number
}

export type EmbeddedStore = ChargeStore &
  Pick<LocalBook, 'first' | 'dropBefore'> & {
    /** Writes the public columns of rows `from` to `to` as Parquet. */
    readonly exportParquet: (from: number, to: number, file: string) => Promise<void>
  }

/**
 * A store in a folder: the journal is the truth, hashed on a thread of its own; DuckDB beside it is opened and follows when it is asked something. Errors: those of
 * `openBook`, FolderLocked, StoreFailed.
 */
export async function openEmbeddedStore({
  folder,
  region,
  now = Date.now,
}: EmbeddedStoreOptions): Promise<EmbeddedStore> {
  const disk = await openNodeDisk(folder)
  const { hashBatch, close } = createHashThread()
  const book = await openBook({ disk, region, keccak256: native.keccak256, now, hashBatch })
  let opened: Promise<Analytics> | undefined

  const open = (): Promise<Analytics> => {
    opened ??= openAnalytics(join(folder, 'analytics', 'charges.duckdb')).catch((error: unknown) => {
      opened = undefined
      throw error
    })
    return opened
  }

  let turn: Promise<unknown> = Promise.resolve()
  /** One after the other: takes in what the journal has more, then asks. */
  const ask = <Result>(question: (analytics: Analytics) => Promise<Result>): Promise<Result> => {
    const answer = turn.then(async () => {
      const analytics = await open()
      const last = await book.last()
      await analytics.forgetBefore(book.first())
      const loaded = await analytics.last()
      if (loaded > last) await analytics.clear()
      if (loaded !== last) await analytics.load(book.rows(loaded > last ? 1 : loaded + 1, last))
      return question(analytics)
    })
    turn = answer.catch(() => undefined)
    return answer
  }

  return {
    ...book,
    find: async (id): Promise<Row> => {
      const sequence = await ask((analytics) => analytics.sequenceOf(id))
      if (sequence !== undefined) {
        for await (const [row] of book.rows(sequence, sequence)) if (row !== undefined) return row
      }
      return fail('ChargeUnknown', { id })
    },
    totals: (from, to, by) => ask((analytics) => analytics.totals(from, to, by)),
    exportParquet: (from, to, file) => ask((analytics) => analytics.exportParquet(from, to, file)),
    close: async () => {
      await turn
      await book.close()
      await close()
      const analytics = await opened?.catch(() => undefined)
      analytics?.close()
      await disk.close()
    },
  }
}
