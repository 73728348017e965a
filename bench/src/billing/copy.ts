import { once } from 'node:events'
import type { Charge } from '@banyan/billing'
import { findPostgres, startPostgres } from '@banyan/testing/postgres'
import postgres from 'postgres'

/** PostgreSQL's fastest way in: COPY, durable after each thousand rows, without hashes and with the one index that tells repeated ids. */
export type CopyPeer = {
  readonly copy: (charges: readonly Charge[]) => Promise<void>
  readonly close: () => Promise<void>
}

const columns = [
  'id',
  'enterprise',
  'contributor',
  'developer',
  'operator',
  'dservice',
  'tier',
  'endUser',
] as const

/** `undefined` where PostgreSQL is not installed. */
export async function openCopyPeer(): Promise<CopyPeer | undefined> {
  const programs = findPostgres()
  if (programs === undefined) return undefined
  const database = await startPostgres(programs)
  const sql = postgres({
    host: database.folder,
    port: 5432,
    database: 'postgres',
    username: 'postgres',
    max: 1,
  })
  await sql.unsafe(
    `CREATE TABLE charges (${columns.map((name) => `"${name}" text`).join(', ')}, at bigint, amount bigint, rate bigint, salt text, request text, UNIQUE (id))`,
  )
  return {
    copy: async (charges) => {
      for (let i = 0; i < charges.length; i += 1_000) {
        const text = charges
          .slice(i, i + 1_000)
          .map(lineOf)
          .join('')
        const stream = await sql.unsafe('COPY charges FROM STDIN').writable()
        stream.end(text)
        await once(stream, 'finish')
      }
    },
    close: async () => {
      await sql.end()
      await database.close()
    },
  }
}

function lineOf(charge: Charge): string {
  const { at, enterpriseAmount, rate, salt } = charge
  const texts = columns.map((name) => charge[name])
  return `${[...texts, at, enterpriseAmount, rate, salt, charge.private.request].join('\t')}\n`
}
