import type { Pool } from '@banyan/ledger/threads'
import { commitmentRow } from './ledger/commitment.js'
import { ethereumRows } from './ledger/ethereum.js'
import { blockMemoryRow, memoryRows } from './ledger/memory.js'
import { startPool } from './ledger/pool.js'
import { signedRows } from './ledger/transfers.js'
import { replayRow, unsignedRow } from './ledger/unsigned.js'
import type { Bench, BenchContext, Row } from './runner/benchmark.js'

async function run(context: BenchContext): Promise<readonly Row[]> {
  // First, while nothing else has been compiled or kept in this process.
  const unsigned = await unsignedRow(context, 1_000_000, 3)
  const replayed = await replayRow(context)
  const rows = [...(await withPool((pool) => signedRows(context, pool))), unsigned]
  if (!context.quick) rows.push(await unsignedRow(context, 10_000_000))
  rows.push(await commitmentRow(context), replayed)
  rows.push(...(await ethereumRows(context)))
  rows.push(blockMemoryRow(), ...memoryRows(1_000_000))
  if (!context.quick) rows.push(...memoryRows(10_000_000))
  return rows
}

async function withPool<Result>(work: (pool: Pool) => Promise<Result>): Promise<Result> {
  const pool = startPool(2)
  try {
    return await work(pool)
  } finally {
    await pool.close()
  }
}

export const bench: Bench = {
  name: 'ledger',
  title: 'Ledger: transfers through the whole block path on two cores, state root, replay, memory',
  run,
}
