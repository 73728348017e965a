import { commitmentRow } from './ledger/commitment.js'
import { ethereumRows } from './ledger/ethereum.js'
import { blockMemoryRow, memoryRows } from './ledger/memory.js'
import { startPool } from './ledger/pool.js'
import { signedRows } from './ledger/transfers.js'
import { replayRow, unsignedRow } from './ledger/unsigned.js'
import type { Bench, BenchContext, Row } from './runner/benchmark.js'

async function run(context: BenchContext): Promise<readonly Row[]> {
  const pool = startPool(2)
  const rows: Row[] = []
  try {
    rows.push(...(await signedRows(context, pool)))
  } finally {
    await pool.close()
  }
  rows.push(await unsignedRow(context, 1_000_000, 3))
  if (!context.quick) rows.push(await unsignedRow(context, 10_000_000))
  rows.push(await commitmentRow(context))
  rows.push(await replayRow(context))
  rows.push(...(await ethereumRows(context)))
  rows.push(blockMemoryRow(), ...memoryRows(1_000_000))
  if (!context.quick) rows.push(...memoryRows(10_000_000))
  return rows
}

export const bench: Bench = {
  name: 'ledger',
  title: 'Ledger: transfers through the whole block path on two cores, state root, replay, memory',
  run,
}
