import { BanyanError, banyanError, fail } from '@banyan/base'
import postgres from 'postgres'
import { maxRecordBytes, type RecordStore, type StoredText } from '../journal/store.js'

/** Chosen once; whoever holds it in a database writes its journal. */
const lockKey = 0x62_79_6e_63
const groupRecords = 1_024

const schema = `CREATE TABLE IF NOT EXISTS central_journal (sequence bigint PRIMARY KEY, record text NOT NULL)`

/** Options of `postgres`, or an address such as postgres://user@host/database; the folder of a socket may be its host, as %2Frun%2Fpostgresql. */
export type DatabasePlace = string | postgres.Options<Record<string, never>>

/**
 * Records in a database of their own in PostgreSQL; each replica has one. They are only inserted. One connection holds a lock and does
 * everything, so that whoever loses the lock cannot write. Errors: StoreFailed, FolderLocked if another process has it.
 */
export async function openPostgresRecords(place: DatabasePlace): Promise<RecordStore> {
  let refusal: unknown
  let isClosing = false
  /** What rejects the questions that are on their way: a connection that is lost answers none of them. */
  const underWay = new Set<(error: unknown) => void>()
  const common = {
    max: 1,
    onnotice: () => undefined,
    onclose: () => {
      if (isClosing) return
      refusal ??= banyanError('StoreFailed', { reason: 'the connection was lost' })
      for (const reject of underWay) reject(refusal)
    },
  }
  const sql =
    typeof place === 'string'
      ? postgres(place, { ...common, ...socketOf(place) })
      : postgres({ ...place, ...common })
  /** Runs what asks the database. Error: StoreFailed. */
  const asking = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    if (refusal !== undefined) throw refusal
    try {
      return await new Promise<Result>((resolve, reject) => {
        underWay.add(reject)
        work()
          .then(resolve, reject)
          .finally(() => underWay.delete(reject))
      })
    } catch (error) {
      if (error instanceof BanyanError) throw error
      throw banyanError('StoreFailed', { reason: (error as Error).message }, error)
    }
  }
  const holder = await asking(() => sql.reserve()).catch(async (error: unknown) => {
    await sql.end({ timeout: 0 })
    throw error
  })
  const close = async (): Promise<void> => {
    isClosing = true
    holder.release()
    await sql.end({ timeout: 1 })
  }
  let last: number
  try {
    const [lock] = await asking(() => holder`SELECT pg_try_advisory_lock(${lockKey}) AS taken`)
    if (lock?.['taken'] !== true) fail('FolderLocked', { path: 'the database of central', pid: 0 })
    await asking(() => holder.unsafe(schema))
    const [newest] = await asking(() => holder`SELECT max(sequence) AS last FROM central_journal`)
    last = Number(newest?.['last'] ?? 0)
  } catch (error) {
    await close()
    throw error
  }

  return {
    last: () => last,
    append: async (text) => {
      const size = Buffer.byteLength(text)
      if (size > maxRecordBytes) fail('RecordTooLarge', { size, limit: maxRecordBytes })
      try {
        await asking(() => holder`INSERT INTO central_journal VALUES (${last + 1}, ${text})`)
      } catch (error) {
        // It may be there or not: only reading the journal again tells.
        refusal = error
        throw error
      }
      return ++last
    },
    readFrom: async function* (from) {
      for (let start = from; start <= last; start += groupRecords) {
        const found = await asking(
          () => holder<{ sequence: string; record: string }[]>`SELECT sequence, record FROM central_journal
            WHERE sequence BETWEEN ${start} AND ${start + groupRecords - 1} ORDER BY sequence`,
        )
        for (const { sequence, record } of found)
          yield { sequence: Number(sequence), text: record } satisfies StoredText
      }
    },
    close,
  }
}

function socketOf(address: string): { readonly host?: string } {
  const host = decodeURIComponent(new URL(address).hostname)
  return host.startsWith('/') ? { host } : {}
}
