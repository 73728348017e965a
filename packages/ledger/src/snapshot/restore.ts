import { asHash, BanyanError, equalBytes, type Hash } from '@banyan/base'
import { type History, historyRoot, listRoot } from '@banyan/crypto'
import { blockId, decodeHeader, type Header, maxHeaderBytes } from '../block/header.js'
import { assembleChain, type Chain, type ChainOptions, emptyState } from '../chain.js'
import { maxBlockTransactionsDepth, windowBlocks } from '../state/id-window.js'
import { chainRow, recentRow } from '../state/layout.js'
import type { Rows } from '../state/rows.js'
import type { State } from '../state/state.js'
import { keyOf } from '../state/state-view.js'
import { readUint } from '../state/u128.js'
import { readU32 } from '../tx/little-endian.js'
import { type ChunkSource, openChunks } from './chunk-source.js'
import { chunkBytes, opening, peakCount, snapshotVersion, windowHeights } from './format.js'
import { invalid } from './invalid.js'

export type RestoreOptions = ChainOptions & {
  /** Id of the genesis block: snapshots of other chains are refused. */
  readonly genesisId: Hash
}

type Opening = {
  readonly header: Header
  readonly stateRoot: Hash
  readonly rowCounts: readonly number[]
  readonly history: History
}

/**
 * The chain whose snapshot is in `chunks`. All that the snapshot says is recomputed from its rows, up to the state root,
 * and refused where it differs. What only a trusted header can show, that the state root is the one of that block, is
 * for the caller: compare `stateRoot` of the chain with the next header, or `head.id` with a certificate.
 * Errors: SnapshotInvalid, and what `chunks` throws.
 */
export async function restoreChain(
  options: RestoreOptions,
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<Chain> {
  const source = openChunks(chunks)
  try {
    const start = readOpening(options, await source.next())
    const { header, stateRoot, rowCounts, history } = start
    const state = emptyState(options)
    for (const [i, rows] of state.allRows().entries()) await loadRows(source, rows, rowCounts[i]!)
    const id = checkChainRows(options, state, start)
    for (const [i, table] of state.keyedTables.entries()) {
      if (!table.loadDirectory(state.chain.words[chainRow.freeHeads + i]!)) {
        invalid('rows are not linked in the order of their keys')
      }
    }
    for (const height of windowHeights(header.height)) await loadIds(options, source, state, height)
    await source.expectEnd()
    if (!equalBytes(state.commit(), stateRoot)) invalid('its rows do not have its state root')
    return assembleChain(options, state, options.genesisId, { head: { header, id }, stateRoot, history })
  } finally {
    await source.close()
  }
}

function readOpening({ genesis, genesisId }: RestoreOptions, chunk: Uint8Array): Opening {
  if (chunk.length < opening.peaks) invalid('its first chunk is too short')
  if (readU32(chunk, opening.version) !== snapshotVersion) invalid('it has an unknown version')
  if (!equalBytes(chunk.subarray(opening.genesisId, opening.stateRoot), genesisId)) {
    invalid('it belongs to a chain with another genesis')
  }
  const headerAt = chunk.length - readU32(chunk, opening.headerLength)
  if (headerAt < opening.peaks || chunk.length - headerAt > maxHeaderBytes) invalid('its header has no room')
  const header = readHeader(chunk.slice(headerAt))
  const peaks: Hash[] = []
  for (let at = opening.peaks; at + 32 <= headerAt; at += 32) peaks.push(asHash(chunk.slice(at, at + 32)))
  if (opening.peaks + 32 * peakCount(header.height) !== headerAt) invalid('it has the wrong number of peaks')
  const rowCounts = Array.from({ length: 7 }, (_, i) => readU32(chunk, opening.rowCounts + 4 * i))
  const bounds = [...Array<number>(5).fill(genesis.maxRows), windowBlocks, 1]
  if (rowCounts.some((count, i) => count === 0 || count > bounds[i]!)) {
    invalid('a table is empty or above its bound')
  }
  return {
    header,
    stateRoot: asHash(chunk.slice(opening.stateRoot, opening.rowCounts)),
    rowCounts,
    history: { count: header.height + 1, peaks },
  }
}

function readHeader(bytes: Uint8Array): Header {
  try {
    return decodeHeader(bytes)
  } catch (cause) {
    if (cause instanceof BanyanError && cause.kind === 'BlockMalformed')
      invalid('its header is malformed', cause)
    throw cause
  }
}

/** Fills a table. Memory grows with what arrives, not with what is promised. */
async function loadRows(source: ChunkSource, rows: Rows, count: number): Promise<void> {
  rows.length = 0
  while (rows.length < count) {
    rows.load(await source.take(Math.min(chunkBytes, (count - rows.length) * rows.rowBytes)))
  }
}

/** Checks the rows `chain` and `recent` against header and history; returns the id of the newest block. */
function checkChainRows({ genesis, provider }: RestoreOptions, state: State, start: Opening): Hash {
  const { header, history } = start
  const { words, bytes } = state.chain
  const root = bytes.slice(chainRow.historyRoot * 4, chainRow.historyRoot * 4 + 32)
  if (!equalBytes(historyRoot(provider, history), root)) invalid('its peaks do not have its history root')
  const isNewest =
    header.chainId === genesis.chainId &&
    readUint(words, chainRow.height, 2) === BigInt(header.height) &&
    readUint(words, chainRow.timestamp, 2) === header.timestamp
  if (!isNewest || state.recent.length !== windowBlocks) invalid('its rows are not those after its header')
  for (const height of windowHeights(header.height)) {
    const at = recentBase(height) + recentRow.height
    if (readUint(state.recent.words, at, 2) !== BigInt(height)) invalid('a recent block is missing')
  }
  const id = blockId(header)
  const idAt = (recentBase(header.height) + recentRow.blockId) * 4
  if (!equalBytes(state.recent.bytes.subarray(idAt, idAt + 32), id)) invalid('its header has another id')
  return id
}

function recentBase(height: number): number {
  return (height % windowBlocks) * (recentRow.bytes / 4)
}

/** Remembers the transaction ids of one block, which come in ascending order, and checks them against their root. */
async function loadIds(
  { provider }: RestoreOptions,
  source: ChunkSource,
  state: State,
  height: number,
): Promise<void> {
  const { window, recent } = state
  const base = recentBase(height)
  const count = recent.words[base + recentRow.count]!
  if (count > 2 ** maxBlockTransactionsDepth) invalid('a block has too many ids')
  window.begin(height)
  while (window.countOf(height) < count) {
    const left = count - window.countOf(height)
    const ids = keyOf(await source.take(Math.min(chunkBytes, left * 32)))
    for (let at = 0; at < ids.length; at += 8) if (!window.add(ids, at)) invalid('an id occurs twice')
  }
  const ids = window.idsOf(height)
  const root = listRoot(
    provider,
    new Uint8Array(ids.buffer, ids.byteOffset, ids.byteLength),
    maxBlockTransactionsDepth,
  )
  const rootAt = (base + recentRow.idsRoot) * 4
  if (!equalBytes(recent.bytes.subarray(rootAt, rootAt + 32), root)) invalid('ids do not have their root')
}
