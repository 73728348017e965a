import { randomBytes } from 'node:crypto'
import { asHash, equalBytes, fail, type Hash, toHex } from '@banyan/base'
import type { Current } from './blocks.js'
import { type Database, damaged, put } from './database.js'
import { aboutKey, heightKey, ordinalKey, partKey, sectionKey, space, stateKey } from './keys.js'
import { decodeEntry, decodeSection, decodeState, type IndexState, type StoredSection } from './records.js'
import { OpenSection } from './section.js'
import type { Seed } from './terms.js'

const version = 1
const aboutBytes = 44
/** Newest blocks whose entries are looked at when an index is opened: what may have been written last. */
const checkedBlocks = 1024

/** What an index knows of itself, and where it stands. Makes a new one in an empty database. */
export async function loadIndex(
  database: Database,
  genesisId: Hash,
): Promise<{ readonly seed: Seed; readonly current: Current }> {
  const about = await database.get(aboutKey)
  if (about === undefined) return { seed: await begin(database, genesisId), current: emptyIndex() }
  if (about.length !== aboutBytes || about.readUInt32LE(0) !== version) {
    const given = about.length < 4 ? 'unknown' : about.readUInt32LE(0)
    fail('FormatUnknown', { path: database.path, given, expected: version })
  }
  const stored = asHash(about.subarray(12))
  if (!equalBytes(stored, genesisId)) {
    fail('GenesisMismatch', { path: database.path, stored: toHex(stored), given: toHex(genesisId) })
  }
  const seed = [about.readUInt32LE(4), about.readUInt32LE(8)] as const
  const value = await database.get(stateKey)
  return {
    seed,
    current: value === undefined ? emptyIndex() : await loadCurrent(database, decodeState(value)),
  }
}

async function begin(database: Database, genesisId: Hash): Promise<Seed> {
  const everything = { gte: Uint8Array.of(0), lt: Uint8Array.of(0xff) }
  for await (const _ of database.entries(everything)) damaged(database.path, 'it does not say what it is')
  const about = Buffer.concat([Buffer.alloc(4), randomBytes(8), genesisId])
  about.writeUInt32LE(version, 0)
  await database.write([put(aboutKey, about)])
  return [about.readUInt32LE(4), about.readUInt32LE(8)]
}

function emptyIndex(): Current {
  return { state: undefined, sections: { stored: [], open: new OpenSection(0, 0) } }
}

async function loadCurrent(database: Database, state: IndexState): Promise<Current> {
  await checkNewest(database, state)
  const stored: StoredSection[] = []
  const range = { gte: sectionKey(0), lt: Uint8Array.of(space.section + 1) }
  for await (const [, value] of database.entries(range)) stored.push(decodeSection(value))
  const newest = stored.at(-1)
  if (
    newest === undefined
      ? state.section > 0 && state.sectionHeight > state.oldest
      : newest.end !== state.sectionOrdinal
  ) {
    damaged(database.path, 'a section is missing')
  }
  return { state, sections: { stored, open: await loadOpen(database, state) } }
}

/** The newest blocks follow each other without a gap. */
async function checkNewest(database: Database, { head, oldest, ordinal }: IndexState): Promise<void> {
  const range = {
    gte: heightKey(space.record, Math.max(oldest, head - checkedBlocks + 1)),
    lt: heightKey(space.record, head + 1),
  }
  let height = head
  let end = ordinal
  for await (const [, value] of database.entries(range, true)) {
    const entry = decodeEntry(value)
    if (entry.height !== height || entry.ordinal + entry.included !== end) break
    height--
    end = entry.ordinal
  }
  if (height >= oldest && head - height < checkedBlocks) damaged(database.path, `block ${height} is missing`)
}

/** The entries of the section that is being filled, by the blocks that have any. */
async function loadOpen(database: Database, state: IndexState): Promise<OpenSection> {
  const { section, sectionOrdinal, sectionHeight, head } = state
  const open = new OpenSection(section, sectionOrdinal)
  const found = new Set<number>()
  const range = { gte: partKey(space.recent, sectionHeight, 0), lt: partKey(space.recent, head + 1, 0) }
  for await (const [key, value] of database.entries(range)) {
    found.add(key.readUIntBE(1, 6))
    open.addAll(new Uint32Array(Uint8Array.from(value).buffer))
  }
  const blocks = { gte: ordinalKey(sectionOrdinal), lt: Uint8Array.of(space.ordinal + 1) }
  for await (const [, value] of database.entries(blocks)) {
    const height = value.readUIntLE(0, 6)
    if (!found.has(height)) damaged(database.path, `what block ${height} can be found by is missing`)
  }
  return open
}
