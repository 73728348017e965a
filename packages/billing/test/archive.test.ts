import { mkdir, mkdtemp, readdir, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Charge, makeStatement, openSettlement, type Plan } from '@banyan/billing'
import { type EmbeddedStore, openArchive, openEmbeddedStore } from '@banyan/billing/node'
import { native } from '@banyan/crypto/native'
import { createRandom, testSeed } from '@banyan/testing'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterEach, describe, expect, test } from 'vitest'
import { account, day, newCharge } from './support/charges.js'
import { createFakeChain, operatorAccount } from './support/fake-chain.js'

const region = 'north'
const { keccak256 } = native
const dayMs = 86_400_000
const noon = day + dayMs / 2
const later = day + 400 * dayMs

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

async function start(seed: string) {
  const folder = await mkdtemp(join(tmpdir(), 'banyan-archive-'))
  ends.push(() => rm(folder, { recursive: true }))
  const random = createRandom(testSeed(seed))
  const chain = createFakeChain(random, { faults: 0, limitOf: () => 0n, consents: () => true })
  chain.balances.set(operatorAccount, 10n ** 30n)
  const files = join(folder, 'archive')
  const open = () => openEmbeddedStore({ folder: join(folder, 'store'), region, now: () => noon })
  const settle = async (store: EmbeddedStore, period: string): Promise<Plan> => {
    const common = { region, keccak256, leastPayout: 10n ** 18n, now: () => 0, chain, gateway: chain.gateway }
    return (await (await openSettlement({ ...common, book: store })).settle(period)).plan
  }
  const archiveOf = (store: EmbeddedStore) => openArchive({ store, folder: files, region })
  return { folder, files, random, open, settle, archiveOf }
}

const statementOf = (store: EmbeddedStore, month: string) =>
  makeStatement({ book: store, region, account: account('operator'), month })

async function idsIn(file: string): Promise<readonly unknown[]> {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  const result = await connection.runAndReadAll('SELECT id FROM read_parquet($1) ORDER BY sequence', [file])
  connection.closeSync()
  instance.closeSync()
  return result.getRows().map(([id]) => id)
}

/** A charge that is as large as charges can be: some three thousand fill a file of the journal. */
function fat(charge: Charge): Charge {
  const text = 'x'.repeat(4_096)
  const custom = { text: text.slice(64) }
  return { ...charge, custom, private: { ...charge.private, miner: text, request: text } }
}

describe('BIL-9: rows that are settled and old', () => {
  test('are proven and archived period by period, and then the journal and the books shrink', async () => {
    const { folder, files, random, open, settle, archiveOf } = await start('archive')
    let store = await open()
    const count = 2_800
    const charges = Array.from({ length: count }, () => fat(newCharge(random)))
    for (let from = 0; from < count; from += 700) {
      await store.append(charges.slice(from, from + 700))
      if (from === 0) await settle(store, '2026-11-20')
    }
    await settle(store, '2026-11-21')
    const recent = Array.from({ length: 20 }, () => newCharge(random))
    await store.append(recent)
    await settle(store, '2026-12-20')
    const open3 = newCharge(random)
    await store.append([open3])
    expect((await store.find(charges[0]!.id)).sequence).toBe(1)

    const archive = archiveOf(store)
    expect(await archive.retire(Date.UTC(2026, 10, 20))).toEqual({ files: 0 })
    expect(await archive.retire(Date.UTC(2026, 10, 21))).toEqual({ files: 1, period: '2026-11-20' })
    // A file of the journal goes as a whole.
    expect(store.first()).toBe(1)
    expect(await archive.retire(Date.UTC(2026, 11, 1))).toEqual({ files: 1, period: '2026-11-21' })
    const ids = [...(await idsIn(join(files, 'rows-1-700.parquet')))]
    ids.push(...(await idsIn(join(files, `rows-701-${count}.parquet`))))
    expect(ids).toEqual(charges.map(({ id }) => id))
    const kept = store.first()
    expect(kept).toBeGreaterThan(count / 2)
    expect(await archive.retire(Date.UTC(2026, 11, 1))).toEqual({ files: 0, period: '2026-11-21' })
    expect(await archive.retire(later)).toEqual({ files: 1, period: '2026-12-20' })
    expect(await readdir(files)).toHaveLength(3)

    const check = async (): Promise<void> => {
      expect([store.first(), await store.last()]).toEqual([kept, count + 21])
      await expect(store.find(charges[0]!.id)).rejects.toThrow('no charge with the id')
      expect((await store.find(charges[kept - 1]!.id)).sequence).toBe(kept)
      for await (const [row] of store.rows(1, 1_000_000)) {
        expect(row!.sequence).toBe(kept)
        break
      }
      const [total] = await store.totals(1, 1_000_000, 'operator')
      expect(total!.count).toBe(count + 22 - kept)
      await expect(statementOf(store, '2026-11')).rejects.toMatchObject({ kind: 'RowsRetired' })
      expect((await statementOf(store, '2026-12')).parts).not.toHaveLength(0)
    }
    await check()
    await store.close()
    store = await open()
    await check()
    await store.close()
    await rm(join(folder, 'store', 'analytics'), { recursive: true })
    store = await open()
    await check()
    expect((await settle(store, '2026-12-21')).first).toBe(count + 21)
    await store.close()
  })

  test('are archived again where a crash or a fault of the disk has left half of a file', async () => {
    const { files, random, open, settle, archiveOf } = await start('archive crash')
    const store = await open()
    ends.push(store.close)
    await store.append(Array.from({ length: 30 }, () => newCharge(random)))
    await settle(store, '2026-11-21')
    const file = join(files, 'rows-1-30.parquet')
    await mkdir(files)
    await writeFile(`${file}.part`, 'half of a')
    expect(await archiveOf(store).retire(later)).toEqual({ files: 1, period: '2026-11-21' })
    expect(await readdir(files)).toEqual(['rows-1-30.parquet'])
    expect(await archiveOf(store).retire(later)).toEqual({ files: 0, period: '2026-11-21' })

    await truncate(file, 900)
    await expect(archiveOf(store).retire(later)).rejects.toMatchObject({ kind: 'StoreFailed' })
    expect(store.first()).toBe(1)
  })

  test('stay where they do not prove their period, or are not settled', async () => {
    const { folder, files, random, open, settle, archiveOf } = await start('archive forged')
    const store = await open()
    ends.push(store.close)
    await store.append(Array.from({ length: 30 }, () => newCharge(random)))
    await settle(store, '2026-11-21')
    await store.append(Array.from({ length: 5 }, () => newCharge(random)))
    const other = await openEmbeddedStore({ folder: join(folder, 'other'), region, now: () => noon })
    ends.push(other.close)
    await other.append(Array.from({ length: 30 }, () => newCharge(random)))
    const forged: EmbeddedStore = { ...store, exportParquet: other.exportParquet }
    const refusal = { kind: 'PeriodInvalid' }
    await expect(archiveOf(forged).retire(later)).rejects.toMatchObject(refusal)
    expect(await readdir(files)).toEqual(['rows-1-30.parquet.part'])
    expect(await archiveOf(store).retire(later)).toEqual({ files: 1, period: '2026-11-21' })
    await store.exportParquet(2, 30, join(files, 'rows-1-30.parquet'))
    await expect(archiveOf(store).retire(later)).rejects.toMatchObject(refusal)
    expect(await readdir(files)).toHaveLength(1)
  })
})
