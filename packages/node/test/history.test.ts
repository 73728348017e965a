import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { toHex } from '@banyan/base'
import type { Chain } from '@banyan/ledger'
import { type ChainStore, openChainStore } from '@banyan/node'
import { openNodeDisk } from '@banyan/storage/node'
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { chainOptions, makeNext } from './small-chain.js'

const fixtures = join(import.meta.dirname, 'fixtures')
const stored = join(fixtures, 'history-1')
const expectation = join(fixtures, 'history-1.json')
const snapshotAt = 8
const blocks = 12

async function open(folder: string): Promise<ChainStore> {
  const disk = await openNodeDisk(folder)
  return openChainStore({ disk, chainOptions, snapshotEvery: 1000, keepSnapshots: 2, history: 'all' })
}

function summary({ genesisId, head, stateRoot }: Chain): object {
  return {
    genesisId: toHex(genesisId),
    height: head.header.height,
    blockId: toHex(head.id),
    stateRoot: toHex(stateRoot),
  }
}

/** Writes the fixture anew, after an intended change of a format. */
async function writeFixture(): Promise<void> {
  rmSync(stored, { recursive: true, force: true })
  const store = await open(stored)
  for (let height = 1; height <= blocks; height++) {
    const { block, batches } = makeNext(store.chain)
    await store.append({ header: block.header, batches }, new Uint8Array(0))
    await store.finalize(height, block.id, new Uint8Array(0))
    if (height === snapshotAt) await store.snapshot()
  }
  writeFileSync(expectation, `${JSON.stringify(summary(store.chain), undefined, 2)}\n`)
  await store.close()
}

let folder: string
beforeAll(async () => {
  if (process.env['BANYAN_WRITE_FIXTURES'] === '1') await writeFixture()
})
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'banyan-history-'))
  cpSync(stored, folder, { recursive: true })
})
afterEach(() => rmSync(folder, { recursive: true }))

const expected = (): object => JSON.parse(readFileSync(expectation, 'utf8'))

test('LED-9: a history written by an earlier version is recovered from its snapshot and goes on', async () => {
  const store = await open(folder)
  expect(store.recovery).toEqual({
    snapshot: snapshotAt,
    replayed: blocks - snapshotAt,
    cut: undefined,
    refused: [],
  })
  expect(summary(store.chain)).toEqual(expected())
  const { block, batches } = makeNext(store.chain)
  await store.append({ header: block.header, batches }, new Uint8Array(0))
  await store.close()
})

test('LED-9: a history written by an earlier version is replayed from its log alone', async () => {
  for (const file of readdirSync(folder)) if (file.startsWith('state-')) rmSync(join(folder, file))
  const store = await open(folder)
  expect(store.recovery).toMatchObject({ snapshot: undefined, replayed: blocks })
  expect(summary(store.chain)).toEqual(expected())
  await store.close()
})
