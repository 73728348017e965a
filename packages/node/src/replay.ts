import { fail } from '@banyan/base'
import { type Chain, decodeBlock, describeBatch, finalize, verifyBlock } from '@banyan/ledger'
import type { Disk, Log } from '@banyan/storage'

/**
 * Executes the blocks of `log` that come after the chain's newest, and returns their number. The log is the node's own
 * and has checksums, so the signatures of transfers are not verified again; every header is compared with what
 * execution yields. Errors: HistoryGap, and those of `decodeBlock`, `verifyBlock` and the log.
 */
export async function replay(disk: Disk, log: Log, chain: Chain): Promise<number> {
  const start = chain.head.header.height
  const first = await startOfReplay(log, start + 1)
  if (first === undefined) return 0
  for await (const { payload } of log.readFrom(first)) {
    const { header, batches } = decodeBlock(payload)
    const next = chain.head.header.height + 1
    if (header.height < next) continue
    if (header.height > next) fail('HistoryGap', { from: next, to: header.height - 1, path: disk.path })
    const described = batches.map((batch) => describeBatch(chain.provider, chain.domains, batch))
    verifyBlock(chain, header, described)
    finalize(chain, header.height)
  }
  return chain.head.header.height - start
}

/** Sequence from which to look for the block at `height`; `undefined` if all blocks of the log are lower. */
async function startOfReplay(log: Log, height: number): Promise<number | undefined> {
  const last = log.last()
  if (last < log.first()) return undefined
  const newest = await heightAt(log, last)
  if (newest < height) return undefined
  // Both count by one, but heights can run ahead: a snapshot may be newer than the end of a log that lost its tail.
  // So the block is there or later.
  return Math.max(log.first(), last - (newest - height))
}

async function heightAt(log: Log, sequence: number): Promise<number> {
  for await (const { payload } of log.readFrom(sequence)) return decodeBlock(payload).header.height
  return fail('InvariantBroken', { invariant: 'a record of the log can be read' })
}
