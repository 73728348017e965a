import { type Hash, toHex } from '@banyan/base'
import { blockId, decodeBlock } from '@banyan/ledger'
import type { Log } from '@banyan/storage'
import type { HeightIndex } from './heights.js'
import { readBlockLogRecord, readFinality } from './records.js'

export type RangeLimits = { readonly maxBlocks: number; readonly maxBytes: number }

/** Final blocks with consecutive heights, encoded, and the proof that the last one is final. */
export type FinalRange = {
  readonly blocks: readonly Uint8Array[]
  readonly id: Hash
  readonly height: number
  readonly proof: Uint8Array
}

type Found = { readonly content: Uint8Array; readonly height: number; readonly parentId: Hash }

/**
 * Final blocks of the log from a height on: as many as the limits allow, but up to the first proof in any case.
 * `undefined` if the log does not have them. Errors: LogDamaged, DiskFailed.
 */
export async function readRange(
  log: Log,
  index: HeightIndex,
  from: number,
  limits: RangeLimits,
): Promise<FinalRange | undefined> {
  const start = index.find(from)
  if (start === undefined || start < log.first()) return undefined
  const found = new Map<string, Found>()
  let bytes = 0
  let best: FinalRange | undefined
  for await (const { payload } of log.readFrom(start)) {
    const { kind, height, content } = readBlockLogRecord(payload)
    if (height < from) continue
    if (kind === 'block') {
      const { header } = decodeBlock(content)
      found.set(toHex(blockId(header)), { content, height, parentId: header.parentId })
      bytes += content.length
      continue
    }
    const { id, proof } = readFinality(content)
    const blocks = pathFrom(found, id, from)
    if (blocks === undefined) return best
    const isWithin = blocks.length <= limits.maxBlocks && bytes <= limits.maxBytes
    if (best !== undefined && !isWithin) return best
    best = { blocks, id, height, proof }
    if (!isWithin || blocks.length === limits.maxBlocks) return best
  }
  return best
}

function pathFrom(
  found: ReadonlyMap<string, Found>,
  id: Hash,
  from: number,
): readonly Uint8Array[] | undefined {
  const blocks: Uint8Array[] = []
  for (let next = found.get(toHex(id)); next !== undefined; next = found.get(toHex(next.parentId))) {
    blocks.push(next.content)
    if (next.height === from) return blocks.reverse()
  }
  return undefined
}
