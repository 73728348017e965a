import type { Database } from './database.js'
import { bucketKey, frequentKey, sectionOf } from './keys.js'
import type { StoredSection } from './records.js'
import { elsewhere } from './seal.js'
import type { OpenSection } from './section.js'
import type { Term } from './terms.js'

/** The sections as they are at one moment: those on disk, oldest first, and the one being filled. */
export type Sections = { readonly stored: readonly StoredSection[]; readonly open: OpenSection }

/** A range of transactions: `from` included, `to` not. */
export type OrdinalRange = { readonly from: number; readonly to: number }

/**
 * Transactions of a term, newest first, without repetitions. The hash of another term can be the same, so whoever asks
 * looks at the transactions.
 */
export async function* newestFirst(
  database: Database,
  { stored, open }: Sections,
  term: Term,
  range: OrdinalRange,
): AsyncGenerator<number, void, undefined> {
  yield* within(open.find(term), range)
  const wanted = stored.filter((section) => overlaps(section, range))
  if (wanted.length === 0) return
  const keys = {
    gte: bucketKey(term.bucket, wanted[0]!.section),
    lt: bucketKey(term.bucket, wanted.at(-1)!.section + 1),
  }
  const byNumber = new Map(wanted.map((section) => [section.section, section]))
  for await (const [key, value] of database.entries(keys, true)) {
    // A section that is being written, or removed, is no part of `stored`.
    const section = byNumber.get(sectionOf(key))
    if (section === undefined) continue
    yield* within(await placesIn(database, section, term, value), range)
  }
}

/** The same within one section, oldest first. */
export async function ofSection(
  database: Database,
  section: StoredSection | OpenSection,
  term: Term,
  range: OrdinalRange,
): Promise<number[]> {
  if (!('end' in section)) return [...within(section.find(term), range)].reverse()
  const value = await database.get(bucketKey(term.bucket, section.section))
  return value === undefined
    ? []
    : [...within(await placesIn(database, section, term, value), range)].reverse()
}

/** Transactions of a term in a section, newest first. */
async function placesIn(
  database: Database,
  { section, ordinal }: StoredSection,
  { bucket, mark }: Term,
  value: Buffer,
): Promise<readonly number[]> {
  const found: number[] = []
  for (let at = value.length - 8; at >= 0; at -= 8) {
    if (value.readUInt32LE(at) !== mark) continue
    const place = value.readUInt32LE(at + 4)
    if (place === elsewhere) return frequentPlaces(database, section, ordinal, { bucket, mark })
    found.push(ordinal + place)
  }
  return found
}

async function frequentPlaces(
  database: Database,
  section: number,
  ordinal: number,
  { bucket, mark }: Term,
): Promise<number[]> {
  const value = await database.get(frequentKey(bucket, mark, section))
  // The section has been removed since its bucket was read.
  if (value === undefined) return []
  const found: number[] = []
  for (let at = value.length - 4; at >= 0; at -= 4) found.push(ordinal + value.readUInt32LE(at))
  return found
}

export function overlaps(section: { ordinal: number; end: number }, { from, to }: OrdinalRange): boolean {
  return section.ordinal < to && section.end > from
}

function* within(ordinals: readonly number[], { from, to }: OrdinalRange): Generator<number> {
  let last = -1
  for (const ordinal of ordinals) {
    if (ordinal >= from && ordinal < to && ordinal !== last) yield ordinal
    last = ordinal
  }
}
