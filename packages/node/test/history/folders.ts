import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type HistoryIndex, type HistoryOptions, openHistory } from '@banyan/node/history'
import { onTestFinished } from 'vitest'
import { provider, type RandomChain } from './random-chain.js'

/** A folder that goes away with its test. */
export async function newFolder(): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'banyan-history-'))
  onTestFinished(() => rm(root, { recursive: true, force: true }))
  return join(root, 'index')
}

/** Small sections, so that short chains fill several. */
export function openIndex(
  folder: string,
  chain: RandomChain,
  more: Partial<HistoryOptions> = {},
): Promise<HistoryIndex> {
  return openHistory({
    folder,
    provider,
    genesisId: chain.genesisId,
    readBlock: async (height, from, to) => chain.encoded[height]?.subarray(from, to),
    addressOf: chain.addressOf,
    sectionEntries: 1200,
    ...more,
  })
}

/** Records the blocks `from` to `to`, and waits until the last one is readable. */
export async function recordBlocks(
  index: HistoryIndex,
  chain: RandomChain,
  from: number,
  to: number,
): Promise<void> {
  for (let height = from; height <= to; height++) await index.record(chain.blocks[height]!)
  while (index.head() !== to) await new Promise((resolve) => setTimeout(resolve, 1))
}
