import { byteListRoot, chunkOf, containerRoot, integerChunk, sha256, treeRoot, zeroChunk } from './merkle.js'

export type Header = {
  readonly version: number
  readonly chainId: bigint
  readonly height: bigint
  readonly view: bigint
  readonly parentId: Uint8Array
  readonly parentView: bigint
  readonly proposer: Uint8Array
  /** Milliseconds. */
  readonly timestamp: bigint
  readonly payloadRoot: Uint8Array
  readonly transactionCount: number
  readonly receiptsRoot: Uint8Array
  readonly stateRoot: Uint8Array
  readonly sideChainRoot: Uint8Array
  readonly historyRoot: Uint8Array
  readonly nextCommitteeHash: Uint8Array
  readonly consensusData: Uint8Array
  readonly justification: Uint8Array
}

/** Root of a header: the id of its block. */
export function headerRoot(header: Header): Uint8Array {
  return containerRoot([
    integerChunk(BigInt(header.version)),
    integerChunk(header.chainId),
    integerChunk(header.height),
    integerChunk(header.view),
    header.parentId,
    integerChunk(header.parentView),
    chunkOf(header.proposer),
    integerChunk(header.timestamp),
    header.payloadRoot,
    integerChunk(BigInt(header.transactionCount)),
    header.receiptsRoot,
    header.stateRoot,
    header.sideChainRoot,
    header.historyRoot,
    header.nextCommitteeHash,
    byteListRoot(header.consensusData, 5),
    byteListRoot(header.justification, 15),
  ])
}

/**
 * Root of the mountain range over the given block ids. The trees follow the binary digits of the number of ids, the
 * largest first. The root of an empty range is the zero chunk.
 */
export function historyRoot(ids: readonly Uint8Array[]): Uint8Array {
  if (ids.length === 0) return zeroChunk
  const peaks: Uint8Array[] = []
  let from = 0
  for (let depth = 31; depth >= 0; depth--) {
    const size = 2 ** depth
    if (Math.floor(ids.length / size) % 2 === 0) continue
    peaks.push(treeRoot(ids.slice(from, from + size), depth))
    from += size
  }
  const smallest = peaks.pop()!
  const bag = peaks.reduceRight((below, peak) => sha256(peak, below), smallest)
  return sha256(bag, integerChunk(BigInt(ids.length)))
}
