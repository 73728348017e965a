import { equalBytes, fail, type Hash, toHex } from '@banyan/base'
import {
  type Block,
  blockId,
  type Chain,
  decodeBlock,
  describeBatch,
  finalize,
  verifyBlock,
} from '@banyan/ledger'
import type { Disk, Log } from '@banyan/storage'
import type { HeightIndex } from './heights.js'
import type { Follower } from './options.js'
import { readBlockLogRecord, readFinality } from './records.js'

/** A block that is durable but not known to be final. */
export type StoredBlock = Block & {
  readonly id: Hash
  /** Its proposer's vote as given when it was stored; empty if there was none. */
  readonly vote: Uint8Array
}

export type Replayed = {
  /** Number of final blocks that were executed. */
  readonly blocks: number
  /** Stored blocks above the newest final one, parents first. */
  readonly candidates: readonly StoredBlock[]
  /** Newest proof of finality. */
  readonly proof: Uint8Array | undefined
}

/**
 * Executes the final blocks of `log` that come after the chain's newest. The log is the node's own and has checksums,
 * so the signatures of transfers are not verified again; every header is compared with what execution yields.
 * Errors: HistoryGap, and those of `decodeBlock`, `verifyBlock` and the log.
 */
export async function replay(
  disk: Disk,
  log: Log,
  chain: Chain,
  index: HeightIndex,
  follower: Follower | undefined,
): Promise<Replayed> {
  const start = chain.head.header.height
  const waiting = new Map<string, StoredBlock>()
  let proof: Uint8Array | undefined
  for await (const { sequence, payload } of recordsOf(log)) {
    const record = readBlockLogRecord(payload)
    if (record.kind === 'block') {
      index.add(record.height, sequence)
      if (record.height <= chain.head.header.height) continue
      const block = decodeBlock(record.content)
      const id = blockId(block.header)
      waiting.set(toHex(id), { ...block, id, vote: record.vote })
    } else {
      const final = readFinality(record.content)
      proof = final.proof
      if (record.height <= chain.head.header.height) continue
      await execute(disk, chain, pathTo(disk, chain, waiting, final.id, record.height), follower)
      for (const [key, { header }] of waiting) if (header.height <= record.height) waiting.delete(key)
    }
  }
  const blocks = chain.head.header.height - start
  return { blocks, candidates: connected(chain.head.id, waiting), proof }
}

async function* recordsOf(log: Log): ReturnType<Log['readFrom']> {
  if (log.last() >= log.first()) yield* log.readFrom(log.first())
}

/** The blocks after the chain's newest up to `id`, in the order of their heights. */
function pathTo(
  disk: Disk,
  chain: Chain,
  waiting: ReadonlyMap<string, StoredBlock>,
  id: Hash,
  height: number,
): readonly StoredBlock[] {
  const path: StoredBlock[] = []
  let next = id
  while (!equalBytes(next, chain.head.id)) {
    const block = waiting.get(toHex(next))
    if (block === undefined) {
      const to = path.at(-1)?.header.height ?? height + 1
      fail('HistoryGap', { from: chain.head.header.height + 1, to: to - 1, path: disk.path })
    }
    path.push(block)
    next = block.header.parentId
  }
  return path.reverse()
}

async function execute(
  disk: Disk,
  chain: Chain,
  path: readonly StoredBlock[],
  follower: Follower | undefined,
): Promise<void> {
  for (const { header, batches } of path) {
    const next = chain.head.header.height + 1
    if (header.height !== next) fail('HistoryGap', { from: next, to: header.height - 1, path: disk.path })
    const described = batches.map((batch) => describeBatch(chain.provider, chain.domains, batch))
    const executed = verifyBlock(chain, header, described)
    finalize(chain, header.height)
    if (follower !== undefined && header.height >= follower.from) await follower.take({ executed, described })
  }
}

/** The blocks that descend from the newest final one; the others were given up. */
function connected(final: Hash, waiting: ReadonlyMap<string, StoredBlock>): readonly StoredBlock[] {
  const reached = new Set([toHex(final)])
  const candidates: StoredBlock[] = []
  // A block is stored after its parent, or in front of it where the parent came late: by height parents come first.
  const ordered = [...waiting.values()].sort((a, b) => a.header.height - b.header.height)
  for (const block of ordered) {
    if (!reached.has(toHex(block.header.parentId))) continue
    reached.add(toHex(block.id))
    candidates.push(block)
  }
  return candidates
}
