import { mkdtempSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { fromHex } from '@banyan/base'
import {
  type Charge,
  isIncluded,
  type Leaf,
  openJournal,
  planPeriod,
  proveLeaf,
  provenRoot,
} from '@banyan/billing'
import { createHashThread } from '@banyan/billing/node'
import { native } from '@banyan/crypto/native'
import { openNodeDisk } from '@banyan/storage/node'
import { newCharges } from './billing/charges.js'
import { openCopyPeer } from './billing/copy.js'
import type { Bench, BenchContext, Row } from './runner/benchmark.js'

const { keccak256 } = native
/** Charges of one call, and calls under way at the same time. */
const perCall = 1_000
const callsUnderWay = 16
/** Bytes of one such charge in the journal. */
const rowBytes = 700

async function openBenchJournal() {
  const folder = mkdtempSync(join(process.cwd(), '.bench-'))
  const disk = await openNodeDisk(folder)
  const thread = createHashThread()
  const { hashBatch } = thread
  const journal = await openJournal({ disk, region: 'north', keccak256, now: Date.now, hashBatch })
  const close = async (): Promise<void> => {
    await journal.close()
    await thread.close()
    await disk.close()
    rmSync(folder, { recursive: true })
  }
  return { journal, close }
}

type BenchJournal = Awaited<ReturnType<typeof openBenchJournal>>['journal']

async function appendAll(journal: BenchJournal, charges: readonly Charge[]): Promise<void> {
  const calls: Promise<unknown>[] = []
  for (let i = 0; i < charges.length; i += perCall) {
    calls.push(journal.append(charges.slice(i, i + perCall)))
    if (calls.length === callsUnderWay) await calls.shift()
  }
  await Promise.all(calls)
}

/** The same bytes without any work on them: what the disk alone allows. */
async function writeRaw(count: number): Promise<void> {
  const folder = mkdtempSync(join(process.cwd(), '.bench-'))
  const file = await open(join(folder, 'raw'), 'a')
  const bytes = new Uint8Array(4 * perCall * rowBytes).fill(7)
  for (let i = 0; i < count; i += 4 * perCall) {
    await file.write(bytes)
    await file.datasync()
  }
  await file.close()
  rmSync(folder, { recursive: true })
}

async function durableRows(context: BenchContext): Promise<readonly Row[]> {
  const count = context.quick ? 10_000 : 200_000
  const { journal, close } = await openBenchJournal()
  const peer = await openCopyPeer()
  try {
    const prepare = () => newCharges(count)
    const ours = await context.median(
      count,
      (charges: readonly Charge[]) => appendAll(journal, charges),
      prepare,
    )
    const raw = await context.median(count, () => writeRaw(count))
    const what = 'charges durable with hashes, 1,000 a call'
    const common = { unit: 'charges/s', ours: ours.perSecond, cpuMicros: ours.cpuMicros }
    const rows: Row[] = [
      {
        what,
        ...common,
        against: { name: 'write and fdatasync alone', value: raw.perSecond },
        goal: 100_000,
      },
    ]
    if (peer === undefined) return rows
    const copied = await context.median(count, (charges: readonly Charge[]) => peer.copy(charges), prepare)
    rows.push({ what, ...common, against: { name: 'PostgreSQL COPY', value: copied.perSecond } })
    return rows
  } finally {
    await peer?.close()
    await close()
  }
}

async function rollUpRow({ quick }: BenchContext): Promise<Row> {
  const count = quick ? 20_000 : 1_000_000
  const { journal, close } = await openBenchJournal()
  try {
    for (let i = 0; i < count; i += 20_000) await appendAll(journal, newCharges(20_000))
    const start = process.hrtime.bigint()
    const options = { region: 'north', period: '2026-11-21', keccak256, leastPayout: 0n, first: 1 }
    await planPeriod(journal.rows(1, count), { ...options, carries: new Map() })
    const seconds = Number(process.hrtime.bigint() - start) / 1e9
    return {
      what: `roll-up of ${count.toLocaleString('en')} rows: 5,251 accounts with roots and anchors`,
      unit: 's',
      ours: seconds,
      goal: (15 * count) / 1_000_000,
      better: 'less',
    }
  } finally {
    await close()
  }
}

async function proofRow(context: BenchContext): Promise<Row> {
  const count = context.quick ? 20_000 : 1_000_000
  const account = new Uint8Array(20).fill(1)
  const leaves: Leaf[] = Array.from({ length: count }, (_, i) => ({
    id: fromHex(i.toString(16).padStart(32, '0'))!,
    rowHash: native.sha256(Uint8Array.of(i & 255, (i >> 8) & 255, i >> 16)),
    amount: BigInt(i),
  }))
  const proof = proveLeaf(keccak256, account, leaves, 7)
  const root = provenRoot(keccak256, account, leaves[7]!, proof)!
  const checks = 1_000
  const { perSecond, cpuMicros } = await context.median(checks, () => {
    for (let i = 0; i < checks; i++) {
      if (!isIncluded(keccak256, account, leaves[7]!, proof, root)) throw new Error('the proof does not hold')
    }
  })
  const what = `check of the proof of one row of ${count.toLocaleString('en')}`
  return { what, unit: 'ms', ours: 1e3 / perSecond, goal: 5, better: 'less', cpuMicros }
}

async function run(context: BenchContext): Promise<readonly Row[]> {
  return [...(await durableRows(context)), await rollUpRow(context), await proofRow(context)]
}

export const bench: Bench = {
  name: 'billing',
  title: 'Billing: charges beside PostgreSQL and the disk, the roll-up of a day, proofs',
  run,
}
