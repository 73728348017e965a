import { banyanError, fail } from '@banyan/base'
import { native } from '@banyan/crypto/native'
import postgres from 'postgres'
import type { Charge, Row, SealedRow } from '../charge/charge.js'
import { publicColumns } from '../charge/columns.js'
import { decodePublic } from '../charge/decode.js'
import { sealCharge } from '../charge/seal.js'
import type { Added } from '../journal/journal.js'
import { decodeEvent, encodeEvent } from '../rollup/event.js'
import { type ChargeStore, type GroupColumn, maxTotals } from '../store/port.js'

export type PostgresStoreOptions = {
  /** Options of `postgres`, such as host, database and username. */
  readonly connection: postgres.Options<Record<string, never>>
  readonly region: string
}

/** Rows of one statement. */
const groupRows = 2_048
/** Chosen once; whoever holds it writes. */
const lockKey = 0x62_79_6e_62

const schema = `
CREATE TABLE IF NOT EXISTS charges (
  region text NOT NULL, sequence bigint NOT NULL, id bytea NOT NULL, row_hash bytea NOT NULL,
  open bytea NOT NULL, hidden bytea NOT NULL, custom bytea NOT NULL, price bigint NOT NULL,
  enterprise text NOT NULL, operator text NOT NULL, contributor text NOT NULL, developer text NOT NULL,
  dservice text NOT NULL, tier text NOT NULL, deal text NOT NULL,
  PRIMARY KEY (region, sequence), UNIQUE (region, id));
CREATE TABLE IF NOT EXISTS payments (
  region text NOT NULL, sequence bigint NOT NULL, event text NOT NULL, PRIMARY KEY (region, sequence))`

/** Runs what asks the database. Error: StoreFailed. */
async function asking<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    throw banyanError('StoreFailed', { reason: (error as Error).message }, error)
  }
}

type StoredRow = {
  readonly sequence: string
  readonly row_hash: Uint8Array
  readonly open: Uint8Array
  readonly hidden: Uint8Array
  readonly custom: Uint8Array
}

function rowOf({ sequence, row_hash, open, hidden, custom }: StoredRow): Row {
  const bytes = (value: Uint8Array): Uint8Array => new Uint8Array(value)
  return {
    sequence: Number(sequence),
    rowHash: bytes(row_hash),
    public: bytes(open),
    private: bytes(hidden),
    custom: bytes(custom),
  }
}

/** A row as the columns of the table. */
function recordOf(
  region: string,
  sequence: number,
  { rowHash, public: open, private: hidden, custom }: SealedRow,
) {
  const values = decodePublic(open)
  const { enterprise, operator, contributor, developer, dservice, tier, deal } = values
  return {
    region,
    sequence,
    id: Buffer.from(values.id.slice(2), 'hex'),
    row_hash: Buffer.from(rowHash),
    open: Buffer.from(open),
    hidden: Buffer.from(hidden),
    custom: Buffer.from(custom),
    price: String(values.enterpriseAmount + values.houseAmount),
    ...{ enterprise, operator, contributor, developer, dservice, tier, deal },
  }
}

/**
 * A store in PostgreSQL. Rows and events are only inserted; one process writes for a region, which a lock of the database ensures. Errors: StoreFailed,
 * FolderLocked if another process writes.
 */
export async function openPostgresStore({ connection, region }: PostgresStoreOptions): Promise<ChargeStore> {
  const sql = postgres({ ...connection, onnotice: () => undefined })
  const holder = await asking(() => sql.reserve())
  const [lock] = await asking(
    () => holder`SELECT pg_try_advisory_lock(${lockKey}, hashtext(${region})) AS taken`,
  )
  if (lock?.['taken'] !== true) {
    holder.release()
    await sql.end()
    fail('FolderLocked', { path: `charges of ${region}`, pid: 0 })
  }
  await asking(() => sql.unsafe(schema))
  const newest = async (from: string): Promise<number> => {
    const [row] = await asking(
      () => sql`SELECT max(sequence) AS last FROM ${sql(from)} WHERE region = ${region}`,
    )
    return Number(row?.['last'] ?? 0)
  }
  let last = await newest('charges')
  let lastEvent = await newest('payments')

  let turn: Promise<unknown> = Promise.resolve()
  const inTurn = <Result>(work: () => Promise<Result>): Promise<Result> => {
    const result = turn.then(work)
    turn = result.catch(() => undefined)
    return result
  }

  /** One transaction: all of a call are there, or none. */
  const insert = async (charges: readonly Charge[]): Promise<Added> => {
    const rows = charges.map((charge) => sealCharge(charge, native.keccak256))
    const records = await asking(() =>
      sql.begin(async (tx) => {
        const seen = new Set<string>()
        for (let i = 0; i < charges.length; i += groupRows) {
          const ids = charges.slice(i, i + groupRows).map(({ id }) => Buffer.from(id.slice(2), 'hex'))
          const known = await tx`SELECT id FROM charges WHERE region = ${region} AND id IN ${tx(ids)}`
          for (const { id } of known) seen.add(`0x${(id as Buffer).toString('hex')}`)
        }
        const fresh = rows.filter((_, i) => !seen.has(charges[i]!.id) && seen.add(charges[i]!.id))
        const made = fresh.map((row, i) => recordOf(region, last + 1 + i, row))
        for (let i = 0; i < made.length; i += groupRows)
          await tx`INSERT INTO charges ${tx(made.slice(i, i + groupRows))}`
        return made
      }),
    )
    last += records.length
    return { added: records.length, known: charges.length - records.length }
  }

  async function* rows(from: number, to: number): AsyncGenerator<readonly Row[], void, undefined> {
    const end = Math.min(to, last)
    for (let start = from; start <= end; start += groupRows) {
      const until = Math.min(end, start + groupRows - 1)
      const found = await asking(
        () => sql<StoredRow[]>`SELECT sequence, row_hash, open, hidden, custom FROM charges
          WHERE region = ${region} AND sequence BETWEEN ${start} AND ${until} ORDER BY sequence`,
      )
      yield found.map(rowOf)
    }
  }

  const totals = async (from: number, to: number, by: GroupColumn) => {
    if (!publicColumns.some(({ name }) => name === by))
      fail('OptionInvalid', { option: 'by', reason: 'no column' })
    const found = await asking(
      () => sql`SELECT ${sql(by)} AS name, count(*) AS count, sum(price)::text AS price FROM charges
        WHERE region = ${region} AND sequence BETWEEN ${from} AND ${to}
        GROUP BY 1 ORDER BY sum(price) DESC, 1 LIMIT ${maxTotals}`,
    )
    return found.map((row) => ({
      name: String(row['name']),
      count: Number(row['count']),
      price: BigInt(String(row['price'])),
    }))
  }

  return {
    append: (charges) => inTurn(() => insert(charges)),
    last: async () => last,
    rows,
    record: (event) =>
      inTurn(async () => {
        await asking(
          () => sql`INSERT INTO payments VALUES (${region}, ${lastEvent + 1}, ${encodeEvent(event)})`,
        )
        lastEvent++
      }),
    events: async function* () {
      for (let start = 1; start <= lastEvent; start += groupRows) {
        const found = await asking(
          () => sql<{ event: string }[]>`SELECT event FROM payments
            WHERE region = ${region} AND sequence BETWEEN ${start} AND ${start + groupRows - 1} ORDER BY sequence`,
        )
        for (const { event } of found) yield decodeEvent(event)
      }
    },
    find: async (id) => {
      const key = Buffer.from(id.slice(2), 'hex')
      const [row] = await asking(
        () => sql<StoredRow[]>`SELECT sequence, row_hash, open, hidden, custom FROM charges
          WHERE region = ${region} AND id = ${key}`,
      )
      return row === undefined ? fail('ChargeUnknown', { id }) : rowOf(row)
    },
    totals,
    close: async () => {
      await turn
      holder.release()
      await sql.end()
    },
  }
}
