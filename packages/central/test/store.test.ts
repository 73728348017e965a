import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type Central,
  createAccount,
  openCentral,
  openLogStore,
  type RecordStore,
  setAccountState,
} from '@banyan/central'
import { createVault, initCentral, openPostgresRecords } from '@banyan/central/node'
import { native } from '@banyan/crypto/native'
import { openNodeDisk } from '@banyan/storage/node'
import { type Database, findPostgres, startPostgres } from '@banyan/testing/postgres'
import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cheapArgon2, contentsOf, pepper } from './world.js'

/** What every store of central's journal must do. */

type Driver = {
  readonly name: string
  /** Why it cannot be tried here. */
  readonly missing?: string | undefined
  readonly start: () => Promise<void>
  readonly open: (place: string) => Promise<RecordStore>
  readonly stop: () => Promise<void>
}

const programs = findPostgres()
let root = ''
let database: Database | undefined

const placeOf = (name: string) => ({
  host: database!.folder,
  port: 5432,
  database: name,
  username: 'postgres',
})

async function inDatabase<Result>(
  name: string,
  work: (sql: postgres.Sql) => Promise<Result>,
): Promise<Result> {
  const sql = postgres({ ...placeOf(name), max: 1, onnotice: () => undefined })
  try {
    return await work(sql)
  } finally {
    await sql.end()
  }
}

const made = new Set<string>()
async function makeDatabase(name: string): Promise<void> {
  if (made.has(name)) return
  made.add(name)
  await inDatabase('postgres', (sql) => sql.unsafe(`CREATE DATABASE ${name}`))
}

const drivers: readonly Driver[] = [
  {
    name: 'a log on disk',
    start: async () => {
      root = await mkdtemp(join(tmpdir(), 'banyan-central-'))
    },
    open: async (place) => {
      const disk = await openNodeDisk(join(root, place))
      const store = await openLogStore(disk, native)
      return {
        ...store,
        close: async () => {
          await store.close()
          await disk.close()
        },
      }
    },
    stop: () => rm(root, { recursive: true, force: true }),
  },
  {
    name: 'PostgreSQL',
    missing: programs === undefined ? 'no PostgreSQL under /usr/lib/postgresql' : undefined,
    start: async () => {
      database ??= await startPostgres(programs!)
    },
    open: async (place) => {
      await makeDatabase(place)
      return openPostgresRecords(placeOf(place))
    },
    // Others use it too.
    stop: async () => undefined,
  },
]

async function textsFrom(store: RecordStore, from: number): Promise<readonly string[]> {
  const texts: string[] = []
  for await (const { sequence, text } of store.readFrom(from)) {
    expect(sequence).toBe(from + texts.length)
    texts.push(text)
  }
  return texts
}

async function centralOn(
  store: RecordStore,
  writes = true,
): Promise<Central & { readonly failures: unknown[] }> {
  const failures: unknown[] = []
  const central = await openCentral({
    store,
    crypto: native,
    vault: await createVault(pepper, cheapArgon2),
    authorities: [],
    now: () => 1_000_000,
    writes,
    onFailure: (error) => failures.push(error),
  })
  return { ...central, failures }
}

const add = (central: Central, name: string) =>
  central.change('test', (context) => createAccount(context, { kind: 'developer', name }))

afterAll(() => database?.close())

for (const driver of drivers) {
  if (driver.missing !== undefined) console.warn(`${driver.name} is not tried: ${driver.missing}`)
  describe.skipIf(driver.missing !== undefined)(`CMP-7: ${driver.name}`, () => {
    beforeAll(driver.start)
    afterAll(driver.stop)

    test('CMP-7: keeps records in their order, whatever they say, and bounds them', async () => {
      let store = await driver.open('records')
      expect([store.last(), await textsFrom(store, 1)]).toEqual([0, []])
      const texts = Array.from({ length: 1_100 }, (_, i) => `{"n":${i},"text":"ä'; \\\\ \u{1F333}"}`)
      for (const [i, text] of texts.entries()) expect(await store.append(text)).toBe(i + 1)
      await expect(store.append('x'.repeat(2 ** 20 + 1))).rejects.toMatchObject({ kind: 'RecordTooLarge' })
      await store.close()
      store = await driver.open('records')
      expect(store.last()).toBe(1_100)
      expect(await textsFrom(store, 1)).toEqual(texts)
      expect(await textsFrom(store, 1_050)).toEqual(texts.slice(1_049))
      expect(await textsFrom(store, 1_101)).toEqual([])
      await store.close()
    })

    test('CMP-7: has one process at a time', async () => {
      const store = await driver.open('writers')
      await expect(driver.open('writers')).rejects.toMatchObject({ kind: 'FolderLocked' })
      await store.close()
      await (await driver.open('writers')).close()
    })

    test('CMP-7: central has the same state again, and a follower on such a store copies it', async () => {
      let central = await centralOn(await driver.open('state'))
      const { id } = await add(central, 'first')
      await add(central, 'second')
      await central.change('test', (context) => setAccountState(context, id, 'suspended', 'test'))
      const [before, chain] = [contentsOf(central), central.chain()]
      await central.close()
      central = await centralOn(await driver.open('state'))
      expect(contentsOf(central)).toEqual(before)
      expect(central.chain()).toBe(chain)

      const follower = await centralOn(await driver.open('follower'), false)
      await follower.follow(await central.records(1, 2))
      await follower.follow(await central.records(3, 2))
      expect(contentsOf(follower)).toEqual(before)
      expect(follower.chain()).toBe(chain)
      await follower.promote('test')
      await add(follower, 'third')
      await central.close()
      await follower.close()
    })
  })
}

describe.skipIf(programs === undefined)('CMP-7: PostgreSQL alone', () => {
  beforeAll(async () => {
    database ??= await startPostgres(programs!)
  })

  test('CMP-7: after its connection was lost nothing is changed any more, and what was answered is there', async () => {
    await makeDatabase('lost')
    const central = await centralOn(await openPostgresRecords(placeOf('lost')))
    const { id } = await add(central, 'answered')
    await inDatabase(
      'lost',
      (sql) => sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = 'lost' AND pid <> pg_backend_pid()`,
    )
    // The database has ended the connection; here it is noticed with the next events of sockets.
    await new Promise((resolve) => setTimeout(resolve, 200))
    await expect(add(central, 'lost')).rejects.toMatchObject({ kind: 'StoreFailed' })
    const other = await centralOn(await openPostgresRecords(placeOf('lost')))
    await add(other, 'of whoever took over')
    await expect(add(central, 'of whoever lost it')).rejects.toMatchObject({ kind: 'StoreFailed' })
    expect(central.failures).toHaveLength(2)
    expect([other.state.accounts.has(id), other.state.sequence()]).toEqual([true, 2])
    await central.close()
    await other.close()
  })

  test('CMP-7: a record that somebody has removed is missed', async () => {
    await makeDatabase('gap')
    const central = await centralOn(await openPostgresRecords(placeOf('gap')))
    for (const name of ['a', 'b', 'c']) await add(central, name)
    await central.close()
    await inDatabase('gap', (sql) => sql`DELETE FROM central_journal WHERE sequence = 2`)
    const store = await openPostgresRecords(placeOf('gap'))
    await expect(centralOn(store)).rejects.toMatchObject({ kind: 'StoreFailed' })
    await store.close()
  })

  test('CMP-7: the program keeps its journal in the database that its folder names', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'banyan-central-'))
    await makeDatabase('program')
    const address = `postgres://postgres@${encodeURIComponent(database!.folder)}/program`
    const file = join(folder, 'database')
    await writeFile(file, 'mysql://nobody@nowhere/x', { mode: 0o600 })
    await expect(initCentral(folder)).rejects.toMatchObject({ kind: 'CentralFolderInvalid' })
    await rm(join(folder, 'secrets.json'))
    await writeFile(file, address)
    await chmod(file, 0o644)
    await expect(initCentral(folder)).rejects.toMatchObject({ kind: 'KeyFileExposed' })
    await rm(join(folder, 'secrets.json'))
    await chmod(file, 0o600)
    const { admin } = await initCentral(folder)
    expect((await readdir(folder)).sort()).toEqual(['admin-key', 'database', 'secrets.json'])
    const central = await centralOn(await openPostgresRecords(address))
    expect(central.state.accounts.get(admin)?.kind).toBe('admin')
    await central.close()
    await rm(folder, { recursive: true })
  })
})
