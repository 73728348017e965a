import { fail } from '@banyan/base'
import { encodeHeader } from '../block/header.js'
import type { Chain, Head } from '../chain.js'
import type { Rows } from '../state/rows.js'
import { sortIds } from '../state/sort-ids.js'
import { writeU32 } from '../tx/little-endian.js'
import { chunkBytes, opening, snapshotVersion, windowHeights } from './format.js'

/** What the chain was at its newest final block. */
function finalPoint(chain: Chain): Pick<Chain, 'head' | 'stateRoot' | 'history'> {
  return chain.earlier[0] ?? chain
}

/** The block that a snapshot taken now would hold: the newest final one. */
export function snapshotHead(chain: Chain): Head {
  return finalPoint(chain).head
}

/**
 * The state after the newest final block, in chunks of at most 1 MiB that are copies. Blocks may be added and taken back
 * while the chunks are drawn, but none may become final: what is kept to undo blocks is what shows the state before
 * them. Error: OptionInvalid if one did.
 */
export function* snapshotChunks(chain: Chain): Generator<Uint8Array, void, undefined> {
  const { head } = finalPoint(chain)
  yield openingChunk(chain)
  const { state } = chain
  for (const rows of state.allRows()) yield* rowChunks(chain, head, rows)
  for (const height of windowHeights(head.header.height)) {
    requireFinal(chain, head)
    const ids = new Uint8Array(sortIds(state.window.idsOf(height)).buffer)
    for (let at = 0; at < ids.length; at += chunkBytes) yield ids.subarray(at, at + chunkBytes)
  }
}

function* rowChunks(chain: Chain, head: Head, rows: Rows): Generator<Uint8Array, void, undefined> {
  const step = chunkBytes / rows.rowBytes
  const length = rows.finalLength
  for (let from = 0; from < length; from += step) {
    requireFinal(chain, head)
    yield rows.finalBytes(from, Math.min(length, from + step))
  }
}

function requireFinal(chain: Chain, head: Head): void {
  if (finalPoint(chain).head !== head) {
    fail('OptionInvalid', { option: 'chain', reason: 'a block became final while a snapshot was taken' })
  }
}

function openingChunk(chain: Chain): Uint8Array {
  const { head, stateRoot, history } = finalPoint(chain)
  const header = encodeHeader(head.header)
  const headerAt = opening.peaks + 32 * history.peaks.length
  const chunk = new Uint8Array(headerAt + header.length)
  writeU32(chunk, opening.version, snapshotVersion)
  writeU32(chunk, opening.headerLength, header.length)
  chunk.set(chain.genesisId, opening.genesisId)
  chunk.set(stateRoot, opening.stateRoot)
  for (const [i, rows] of chain.state.allRows().entries()) {
    writeU32(chunk, opening.rowCounts + 4 * i, rows.finalLength)
  }
  for (const [i, peak] of history.peaks.entries()) chunk.set(peak, opening.peaks + 32 * i)
  chunk.set(header, headerAt)
  return chunk
}
