import { type Change, type Database, put } from './database.js'
import {
  blockIdKey,
  bucketKey,
  frequentKey,
  heightKey,
  heightSpaces,
  ordinalKey,
  sectionKey,
  space,
  stateKey,
} from './keys.js'
import { decodeEntry, encodeState, type IndexState, type StoredSection } from './records.js'
import { bucketCount } from './terms.js'

/** Blocks that are removed at a time, at most. */
const blocksPerStep = 1024

/**
 * Removes up to 1,024 of the blocks that are no longer answered for, and returns the state after that. An interruption can
 * leave parts of them: they are removed with the next ones.
 */
export async function pruneBlocks(database: Database, state: IndexState): Promise<IndexState> {
  const stored = Math.min(state.oldest, state.stored + blocksPerStep)
  const changes: Change[] = []
  const gone = { gte: heightKey(space.record, state.stored), lt: heightKey(space.record, stored) }
  for await (const [, value] of database.entries(gone)) {
    const { id, ordinal } = decodeEntry(value)
    changes.push({ type: 'del', key: blockIdKey(id) }, { type: 'del', key: ordinalKey(ordinal) })
  }
  const after = { ...state, stored }
  await database.write([...changes, put(stateKey, encodeState(after))])
  for (const kind of heightSpaces) {
    await database.clear({ gte: heightKey(kind, 0), lt: heightKey(kind, stored) })
  }
  return after
}

/** Removes a section whose blocks are all gone. Its own entry goes last, so that an interruption leads to another try. */
export async function pruneSection(database: Database, { section, frequent }: StoredSection): Promise<void> {
  const changes: Change[] = []
  for (let bucket = 0; bucket < bucketCount; bucket++)
    changes.push({ type: 'del', key: bucketKey(bucket, section) })
  for (let i = 0; i < frequent.length; i += 2) {
    changes.push({ type: 'del', key: frequentKey(frequent[i]!, frequent[i + 1]!, section) })
  }
  await database.write([...changes, { type: 'del', key: sectionKey(section) }])
}
