import { toHex } from '@banyan/base'
import { auditRow, type Charge, decodePublic, type Journal, openJournal, type Row } from '@banyan/billing'
import { native } from '@banyan/crypto/native'
import { openLog } from '@banyan/storage'
import {
  createSimulatedDisk,
  kept,
  lost,
  lostBefore,
  type Outcome,
  randomOutcome,
  type SimulatedDisk,
  tornAfter,
} from '@banyan/storage/simulated'
import { createRandom, testSeed, tierCount } from '@banyan/testing'
import { expect, test } from 'vitest'
import { day, newCharge } from './support/charges.js'

const noon = day + 43_200_000

async function open(machine: SimulatedDisk, now = () => noon): Promise<Journal> {
  const disk = await machine.open()
  return openJournal({ disk, region: 'north', keccak256: native.keccak256, now })
}

async function allRows(journal: Journal, from = 1): Promise<Row[]> {
  const rows: Row[] = []
  for await (const group of journal.rows(from, Number.MAX_SAFE_INTEGER)) {
    rows.push(...group.map((row) => ({ ...row, public: row.public.slice(), rowHash: row.rowHash.slice() })))
  }
  return rows
}

const idsOf = (rows: readonly Row[]) => rows.map((row) => decodePublic(row.public).id)

test('BIL-1: rows come back in the order in which they were added, from any place', async () => {
  const random = createRandom(testSeed('journal order'))
  const machine = createSimulatedDisk()
  const journal = await open(machine)
  const charges = Array.from({ length: 300 }, () => newCharge(random))
  for (let i = 0; i < 300; i += 3) await journal.append(charges.slice(i, i + 3))
  expect(journal.last()).toBe(300)
  const ids = charges.map(({ id }) => id)
  expect(idsOf(await allRows(journal))).toEqual(ids)
  for (const from of [1, 2, 3, 64, 190, 193, 300]) {
    const rows = await allRows(journal, from)
    expect(idsOf(rows)).toEqual(ids.slice(from - 1))
    expect(rows[0]!.sequence).toBe(from)
  }
  expect(await allRows(journal, 301)).toEqual([])
  await journal.close()
})

test('BIL-1: calls that come while the disk is busy share a batch, and each hears when its own rows are durable', async () => {
  const random = createRandom(testSeed('group commit'))
  let syncs = 0
  const machine = createSimulatedDisk((operation) => (syncs += operation === 'sync' ? 1 : 0))
  const journal = await open(machine)
  const before = syncs
  const calls = Array.from({ length: 200 }, () => journal.append([newCharge(random)]))
  expect(await Promise.all(calls)).toEqual(calls.map(() => ({ added: 1, known: 0 })))
  expect(syncs - before).toBeLessThan(10)
  await journal.close()
})

test('BIL-4: a charge that is given twice is kept once, also after a restart', async () => {
  const random = createRandom(testSeed('repeated'))
  const machine = createSimulatedDisk()
  let journal = await open(machine)
  const charges = Array.from({ length: 50 }, () => newCharge(random))
  const [first, second] = [journal.append(charges), journal.append(charges.slice(10))]
  expect([await first, await second]).toEqual([
    { added: 50, known: 0 },
    { added: 0, known: 40 },
  ])
  expect(await journal.append([charges[7]!, charges[7]!])).toEqual({ added: 0, known: 2 })
  const root = journal.root()
  await journal.close()
  machine.kill()
  journal = await open(machine)
  expect(journal.root()).toEqual(root)
  const more = newCharge(random)
  expect(await journal.append([...charges, more])).toEqual({ added: 1, known: 50 })
  expect(journal.last()).toBe(51)
  await journal.close()
})

test('BIL-4: a charge is taken until two days after its own, since only so long is a repeated one known', async () => {
  const random = createRandom(testSeed('late'))
  let now = noon
  const machine = createSimulatedDisk()
  const journal = await open(machine, () => now)
  const late = newCharge(random, { at: day })
  await journal.append([late])
  now = day + 3 * 86_400_000 - 1
  expect(await journal.append([late])).toEqual({ added: 0, known: 1 })
  now++
  await expect(journal.append([late])).rejects.toThrow('too old')
  await expect(journal.append([newCharge(random, { at: now + 2 * 86_400_000 })])).rejects.toThrow('to come')
  await journal.close()
})

test('BIL-1: of a call with one invalid charge nothing is kept', async () => {
  const random = createRandom(testSeed('whole calls'))
  const journal = await open(createSimulatedDisk())
  const good = newCharge(random)
  const wrong: Charge = { ...newCharge(random), operatorAmount: 10n ** 9n }
  await expect(journal.append([good, wrong])).rejects.toThrow('does not balance')
  expect(await journal.append([good])).toEqual({ added: 1, known: 0 })
  await journal.close()
})

/** The bytes of a journal's batches, and a journal made of such bytes. */
async function batchesOf(machine: SimulatedDisk): Promise<Uint8Array[]> {
  const log = await rawLog(machine)
  const batches: Uint8Array[] = []
  for await (const { payload } of log.readFrom(1)) batches.push(payload.slice())
  machine.kill()
  return batches
}

async function rawLog(machine: SimulatedDisk) {
  const identity = native.keccak256(new TextEncoder().encode('banyan/charges north'))
  const limits = { segmentBytes: 2 ** 27, maxRecordBytes: 2 ** 23 }
  return openLog(await machine.open(), { name: 'charges', identity, ...limits })
}

async function reopened(batches: readonly Uint8Array[]): Promise<Journal> {
  const machine = createSimulatedDisk()
  const log = await rawLog(machine)
  for (const batch of batches) await log.append([batch])
  await log.close()
  machine.kill()
  return open(machine)
}

test('BIL-1: a journal whose batches were exchanged, removed or changed is refused', async () => {
  const random = createRandom(testSeed('forged journal'))
  const machine = createSimulatedDisk()
  const journal = await open(machine)
  for (let i = 0; i < 5; i++) await journal.append([newCharge(random), newCharge(random)])
  await journal.close()
  machine.kill()
  const batches = await batchesOf(machine)
  expect(toHex((await reopened(batches)).root())).toBe(toHex(journal.root()))
  const [a, b, c, d, e] = batches as [Uint8Array, Uint8Array, Uint8Array, Uint8Array, Uint8Array]
  await expect(reopened([a, c, d, e])).rejects.toThrow('a row is missing')
  await expect(reopened([a, c, b, d, e])).rejects.toThrow('a row is missing')
  const changed = b.slice()
  changed[44 + 12]! ^= 1
  await expect(reopened([a, changed, c, d, e])).rejects.toThrow('follows another one')
  const content = b.slice()
  content[44 + 44 + 40]! ^= 1
  const [row] = await allRows(await reopened([a, content, c, d, e]), 3)
  expect(() => auditRow(row!, native.keccak256)).toThrow('hashes are those of another row')
})

/** Adds charges one call after the other until the machine dies; gives those that were acknowledged. */
async function work(machine: SimulatedDisk, charges: readonly Charge[]): Promise<number> {
  let acknowledged = 0
  try {
    const journal = await open(machine)
    for (let i = 0; i < charges.length; i += 4) {
      await journal.append(charges.slice(i, i + 4))
      acknowledged = Math.min(i + 4, charges.length)
    }
  } catch {
    // The machine died.
  }
  return acknowledged
}

test('QLT-5: power lost at any operation, with torn and lost writes, loses no acknowledged charge and invents none', async () => {
  const random = createRandom(testSeed('journal crashes'))
  const charges = Array.from({ length: 24 }, () => newCharge(random))
  let operations = 0
  await work(
    createSimulatedDisk(() => operations++),
    charges,
  )
  const outcomes: Outcome[] = [lost, kept, lostBefore(1), tornAfter(1), tornAfter(700)]
  for (let i = 0; i < tierCount({ push: 4, full: 200, fuzz: 20 }); i++)
    outcomes.push(randomOutcome(random.u32()))
  for (let point = 1; point <= operations; point++) {
    for (const outcome of outcomes) {
      const machine = createSimulatedDisk()
      machine.crashAt(point)
      const acknowledged = await work(machine, charges)
      machine.powerLoss(outcome)
      const journal = await open(machine)
      const found = idsOf(await allRows(journal))
      expect(found.length).toBeGreaterThanOrEqual(acknowledged)
      expect(found).toEqual(charges.slice(0, found.length).map(({ id }) => id))
      const again = await journal.append(charges)
      expect(again).toEqual({ added: charges.length - found.length, known: found.length })
      expect(idsOf(await allRows(journal))).toEqual(charges.map(({ id }) => id))
      await journal.close()
    }
  }
})
