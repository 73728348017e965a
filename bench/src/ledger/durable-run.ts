import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import {
  blockParts,
  buildBlock,
  type Chain,
  type DescribedBatch,
  type ExecutedBlock,
  finalize,
} from '@banyan/ledger'
import { type Log, openLog } from '@banyan/storage'
import { openNodeDisk } from '@banyan/storage/node'
import { addressOf, type People } from './workload.js'

/** A block log in a temporary folder beside the repository's other working files, as a node keeps it. */
export async function openBenchLog() {
  const folder = mkdtempSync(join(process.cwd(), '.bench-'))
  const disk = await openNodeDisk(folder)
  const log = await openLog(disk, {
    name: 'blocks',
    identity: new Uint8Array(32),
    segmentBytes: 2 ** 30,
    maxRecordBytes: 2 ** 27,
  })
  const close = async (): Promise<void> => {
    await log.close()
    await disk.close()
    rmSync(folder, { recursive: true })
  }
  return { log, close }
}

/** Puts one batch into a block and executes it. All its transactions must succeed. */
export function extendChain(
  chain: Chain,
  people: People,
  batch: DescribedBatch,
  { final } = { final: true },
): ExecutedBlock {
  const { header } = chain.head
  const block = buildBlock(chain, {
    batches: [batch],
    proposer: addressOf(people, 0),
    timestamp: header.timestamp + 1n,
    view: header.view + 1,
  })
  if (final) finalize(chain, block.header.height)
  requireSuccess(block)
  return block
}

/** Waits until a block is durable. */
export function appendBlock(log: Log, block: ExecutedBlock, batch: DescribedBatch): Promise<number> {
  return log.append(blockParts({ header: block.header, batches: [batch.batch] }))
}

/** A benchmark of transactions that fail would measure something else. */
export function requireSuccess(block: ExecutedBlock): void {
  const words = new Uint32Array(block.receipts.buffer, block.receipts.byteOffset, block.receipts.length / 4)
  for (let at = 16; at < words.length; at += 32) {
    if (words[at] !== 1)
      throw new Error(`a transaction of the benchmark ended with ${words[at]!.toString(16)}`)
  }
}
