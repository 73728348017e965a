import type { BlockRecord } from '../api/history.js'
import { type Current, recordOf } from './blocks.js'
import { type Change, type Database, put } from './database.js'
import { type EncodeContext, type EncodedBlock, encodeFinal, type FinalBlock } from './encode-block.js'
import { partKey, sectionKey, space, stateKey } from './keys.js'
import { pruneBlocks, pruneSection } from './prune.js'
import { encodeSection, encodeState, type IndexState, type StoredSection } from './records.js'
import { writeSection } from './seal.js'
import { OpenSection } from './section.js'

export type WriterOptions = EncodeContext & {
  readonly database: Database
  /** Blocks to keep; `undefined` for all. */
  readonly keepBlocks: number | undefined
  /** Entries of a section. */
  readonly sectionEntries: number
  readonly onRecorded: (block: BlockRecord) => void
}

export type Writer = {
  readonly current: () => Current
  /** Makes the first of the given blocks durable, and returns how many. Those that follow must be the next ones. */
  readonly write: (blocks: readonly FinalBlock[]) => Promise<number>
}

/** Bytes of values that are written together, unless a single block has more. */
const writeBytes = 4 * 1024 * 1024
/** Blocks that are removed together, at least: each removal reaches into every space. */
const pruneEvery = 64

export function createWriter(options: WriterOptions, start: Current): Writer {
  const { database, keepBlocks, sectionEntries, onRecorded } = options
  let current = start

  const write = async (blocks: readonly FinalBlock[]): Promise<number> => {
    const { open } = current.sections
    const changes: Change[] = []
    const written: EncodedBlock[] = []
    let { state } = current
    let bytes = 0
    let entries = open.count
    while (written.length < blocks.length && bytes < writeBytes && entries < sectionEntries) {
      const ordinal = state?.ordinal ?? 0
      const encoded = await encodeFinal(options, blocks[written.length]!, ordinal, ordinal - open.ordinal)
      state = stateAfter(state, encoded)
      written.push(encoded)
      for (const change of encoded.changes) changes.push(change)
      bytes += encoded.bytes
      entries += encoded.terms.length / 3
    }
    await database.write([...changes, put(stateKey, encodeState(state!))])
    for (const { terms } of written) open.addAll(terms)
    current = { ...current, state }
    for (const [i, { entry }] of written.entries()) onRecorded(recordOf(entry, blocks[i]!.block.header))
    if (open.count >= sectionEntries) await seal(state!, open)
    await drop()
    return written.length
  }

  const stateAfter = (state: IndexState | undefined, { entry }: EncodedBlock): IndexState => {
    const { height, ordinal, included } = entry
    const before = state ?? {
      oldest: height,
      stored: height,
      section: 0,
      sectionOrdinal: 0,
      sectionHeight: height,
    }
    const kept = keepBlocks === undefined ? 0 : height - keepBlocks + 1
    // Nobody can answer for blocks on both sides of a gap as if there were none.
    const whole = state !== undefined && height > state.head + 1 ? height : before.oldest
    return { ...before, head: height, ordinal: ordinal + included, oldest: Math.max(whole, kept) }
  }

  /** Moves the entries of the open section to their places and begins the next one. */
  const seal = async (state: IndexState, open: OpenSection): Promise<void> => {
    const frequent = await writeSection(database, open)
    const { section, ordinal } = open
    const stored: StoredSection = { section, ordinal, end: state.ordinal, height: state.head, frequent }
    const next = {
      ...state,
      section: section + 1,
      sectionOrdinal: state.ordinal,
      sectionHeight: state.head + 1,
    }
    await database.write([put(sectionKey(section), encodeSection(stored)), put(stateKey, encodeState(next))])
    const sections = {
      stored: [...current.sections.stored, stored],
      open: new OpenSection(next.section, next.sectionOrdinal),
    }
    current = { state: next, sections }
    await database.clear({ gte: partKey(space.recent, 0, 0), lt: partKey(space.recent, state.head + 1, 0) })
  }

  /** Removes blocks and sections that are no longer answered for. */
  const drop = async (): Promise<void> => {
    const state = current.state!
    if (state.oldest - state.stored < pruneEvery) return
    current = { ...current, state: await pruneBlocks(database, state) }
    const { stored } = current.sections
    const gone = stored.filter(({ height }) => height < state.oldest)
    const sections = { ...current.sections, stored: stored.slice(gone.length) }
    current = { ...current, sections }
    for (const section of gone) await pruneSection(database, section)
  }

  return { current: () => current, write }
}
