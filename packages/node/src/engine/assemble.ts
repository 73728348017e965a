import { type Hash, toHex } from '@banyan/base'
import type { PeerId } from '@banyan/network'
import { batchesFor, nodeFrom } from './checks.js'
import { fetchBatches, fetchBlock } from './fetch.js'
import { headOf } from './header-rules.js'
import type { EngineState } from './state.js'
import type { BlockNode } from './tree.js'

/** Most blocks that may be missing between the final one and a certified one; beyond, ranges are asked for. */
const maxDepth = 64

/**
 * Puts a certified block and the blocks below it into the tree, as far as their parts are here, and asks for the others.
 * Certificates stand for their validity. Returns the block when nothing is missing.
 */
export function assemble(
  engine: EngineState,
  id: Hash,
  askFirst: readonly PeerId[],
  depth = 0,
): BlockNode | undefined {
  const { tree, candidates } = engine
  const key = toHex(id)
  const known = tree.nodes.get(key)
  const block = known ?? candidates.get(key)
  if (block === undefined) {
    fetchBlock(engine, id, askFirst)
    return undefined
  }
  const { header } = block
  if (depth > maxDepth || header.height <= tree.final.header.height) return undefined
  const isRooted = headOf(engine, header.parentId) === tree.final
  if (!isRooted && assemble(engine, header.parentId, askFirst, depth + 1) === undefined) return undefined
  if (known !== undefined) return known
  const candidate = candidates.get(key)!
  const described = batchesFor(engine, candidate.digests)
  if (!Array.isArray(described)) {
    fetchBatches(engine, described.missing, candidate.from === undefined ? askFirst : [candidate.from])
    return undefined
  }
  const node = nodeFrom(engine, candidate, described)
  candidates.delete(key)
  tree.nodes.set(key, node)
  return node
}
