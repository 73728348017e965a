import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  auditRow,
  type Charge,
  type ChargeStore,
  decodePublic,
  openSettlement,
  type Row,
  sealCharge,
} from '@banyan/billing'
import { openEmbeddedStore, openPostgresStore } from '@banyan/billing/node'
import { native } from '@banyan/crypto/native'
import { createRandom, testSeed } from '@banyan/testing'
import { type Database, findPostgres, startPostgres } from '@banyan/testing/postgres'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { account, day, newCharge } from './support/charges.js'
import { createFakeChain, operatorAccount } from './support/fake-chain.js'

/** What every store must do. */

type Driver = {
  readonly name: string
  /** Why it cannot be tried here. */
  readonly missing?: string | undefined
  readonly start: () => Promise<void>
  readonly open: (place: string) => Promise<ChargeStore>
  readonly stop: () => Promise<void>
}

const noon = day + 43_200_000
const postgresPrograms = findPostgres()
let root = ''
let database: Database | undefined

const drivers: readonly Driver[] = [
  {
    name: 'embedded',
    start: async () => {
      root = await mkdtemp(join(tmpdir(), 'banyan-billing-'))
    },
    open: (place) => openEmbeddedStore({ folder: join(root, place), region: place, now: () => noon }),
    stop: () => rm(root, { recursive: true, force: true }),
  },
  {
    name: 'PostgreSQL',
    missing: postgresPrograms === undefined ? 'no PostgreSQL under /usr/lib/postgresql' : undefined,
    start: async () => {
      database = await startPostgres(postgresPrograms!)
    },
    open: (region) =>
      openPostgresStore({
        connection: {
          host: database!.folder,
          port: 5432,
          database: 'postgres',
          username: 'postgres',
          max: 3,
        },
        region,
      }),
    stop: async () => database?.close(),
  },
]

async function allRows(store: ChargeStore, from = 1, to = Number.MAX_SAFE_INTEGER): Promise<Row[]> {
  const rows: Row[] = []
  for await (const group of store.rows(from, to)) rows.push(...structuredClone(group as Row[]))
  return rows
}

for (const driver of drivers) {
  if (driver.missing !== undefined) console.warn(`${driver.name} is not tried: ${driver.missing}`)
  describe.skipIf(driver.missing !== undefined)(`BIL-2: ${driver.name}`, () => {
    beforeAll(driver.start)
    afterAll(driver.stop)

    test('keeps rows as they were sealed, in order, and knows those that come again', async () => {
      const random = createRandom(testSeed('store rows'))
      const charges = Array.from({ length: 120 }, () => newCharge(random))
      let store = await driver.open('rows')
      expect(await store.append(charges.slice(0, 50))).toEqual({ added: 50, known: 0 })
      const both = [store.append(charges), store.append(charges.slice(3, 9))]
      expect(await Promise.all(both)).toEqual([
        { added: 70, known: 50 },
        { added: 0, known: 6 },
      ])
      await store.close()
      store = await driver.open('rows')
      expect(await store.last()).toBe(120)
      const rows = await allRows(store)
      expect(rows.map(({ sequence }) => sequence)).toEqual(charges.map((_, i) => i + 1))
      for (const [i, row] of rows.entries()) {
        expect({ ...row }).toEqual({ sequence: i + 1, ...sealCharge(charges[i]!, native.keccak256) })
        auditRow(row, native.keccak256)
      }
      expect((await allRows(store, 20, 22)).map(({ sequence }) => sequence)).toEqual([20, 21, 22])
      expect(await store.append([charges[3]!])).toEqual({ added: 0, known: 1 })
      await store.close()
    })

    test('refuses all of a call if one charge is invalid', async () => {
      const random = createRandom(testSeed('store refusals'))
      const store = await driver.open('refusals')
      const wrong: Charge = { ...newCharge(random), operatorAmount: 10n ** 9n }
      await expect(store.append([newCharge(random), wrong])).rejects.toThrow('does not balance')
      expect(await store.last()).toBe(0)
      expect(await allRows(store)).toEqual([])
      await store.close()
    })

    test('finds a charge by its id and sums rows by a column', async () => {
      const random = createRandom(testSeed('store questions'))
      const store = await driver.open('questions')
      const charges = Array.from({ length: 40 }, () => newCharge(random))
      await store.append(charges.slice(0, 10))
      expect(decodePublic((await store.find(charges[7]!.id)).public).id).toBe(charges[7]!.id)
      await expect(store.find(charges[11]!.id)).rejects.toThrow('no charge with the id')
      await store.append(charges.slice(10))
      expect((await store.find(charges[11]!.id)).sequence).toBe(12)
      const expected = new Map<string, bigint>()
      for (const { enterprise, enterpriseAmount, houseAmount } of charges.slice(4, 30))
        expected.set(enterprise, (expected.get(enterprise) ?? 0n) + enterpriseAmount + houseAmount)
      const totals = await store.totals(5, 30, 'enterprise')
      expect(new Map(totals.map(({ name, price }) => [name, price]))).toEqual(expected)
      expect(totals.reduce((sum, { count }) => sum + count, 0)).toBe(26)
      expect(totals.map(({ price }) => price)).toEqual(
        totals.map(({ price }) => price).sort((a, b) => (a < b ? 1 : -1)),
      )
      await store.close()
    })

    test('settles a period, and goes on with it after it was opened again', async () => {
      const random = createRandom(testSeed('store settlement'))
      const { keccak256 } = native
      const common = { region: 'settled', keccak256, leastPayout: 0n, now: () => 0 }
      const chain = createFakeChain(random, { faults: 0, limitOf: () => 0n, consents: () => true })
      let store = await driver.open('settled')
      const charges = Array.from({ length: 60 }, () => newCharge(random))
      await store.append(charges)
      const first = await openSettlement({ ...common, book: store, chain, gateway: chain.gateway })
      await expect(first.settle('2026-11-21')).rejects.toThrow('waits for')
      await store.close()
      store = await driver.open('settled')
      chain.balances.set(operatorAccount, 10n ** 30n)
      const second = await openSettlement({ ...common, book: store, chain, gateway: chain.gateway })
      const { plan } = await second.settle('2026-11-21')
      expect(plan.last).toBe(60)
      expect(chain.done()).toHaveLength(plan.lines.length)
      expect(await chain.payoutBalance()).toBe(0n)
      expect(chain.balances.get(account('operator'))).toBe(
        plan.lines.find((line) => line.direction === 'out' && line.account === account('operator'))!.total,
      )
      await store.close()
    })

    test('has one writer', async () => {
      const store = await driver.open('writers')
      await expect(driver.open('writers')).rejects.toThrow('in use')
      await store.close()
    })
  })
}

test('BIL-2: rows leave the embedded store as Parquet', async () => {
  const random = createRandom(testSeed('parquet'))
  const folder = await mkdtemp(join(tmpdir(), 'banyan-parquet-'))
  const store = await openEmbeddedStore({ folder: join(folder, 'store'), region: 'north', now: () => noon })
  const charges = Array.from({ length: 30 }, () => newCharge(random))
  await store.append(charges)
  const file = join(folder, "it's.parquet")
  await store.exportParquet(11, 20, file)
  await store.close()
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  const result = await connection.runAndReadAll(
    `SELECT id, rate FROM '${file.replaceAll("'", "''")}' ORDER BY sequence`,
  )
  expect(result.getRows()).toEqual(charges.slice(10, 20).map(({ id, rate }) => [id, rate]))
  connection.closeSync()
  instance.closeSync()
  await rm(folder, { recursive: true })
})
