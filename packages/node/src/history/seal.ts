import { type Change, type Database, put } from './database.js'
import { bucketKey, frequentKey } from './keys.js'
import type { OpenSection } from './section.js'
import { bucketCount } from './terms.js'

/** A term with more entries than this in a section has them in a place of its own, out of the way of its neighbours. */
const frequentFrom = 256
/** Place that stands for such entries in the bucket. */
export const elsewhere = 0xffffffff
const bucketsPerWrite = 2048

/**
 * Writes the entries of a section by bucket: mark (4) and place (4) each. Returns bucket and mark of its frequent terms. An
 * interruption does no harm: the same keys are written again.
 */
export async function writeSection(database: Database, section: OpenSection): Promise<readonly number[]> {
  const frequent: number[] = []
  for (let from = 0; from < bucketCount; from += bucketsPerWrite) {
    const changes: Change[] = []
    for (let bucket = from; bucket < from + bucketsPerWrite; bucket++) {
      if (section.newest[bucket]! >= 0) writeBucket(section, bucket, changes, frequent)
    }
    if (changes.length > 0) await database.write(changes)
  }
  return frequent
}

function writeBucket(section: OpenSection, bucket: number, changes: Change[], frequent: number[]): void {
  const entries = section.bucket(bucket)
  const crowded = entries.length > frequentFrom ? crowdedMarks(section, entries) : undefined
  const value = Buffer.allocUnsafe(8 * entries.length)
  let length = 0
  for (const entry of entries) {
    const mark = section.marks[entry]!
    const places = crowded?.get(mark)
    if (places !== undefined) places.push(section.places[entry]!)
    else length = writePair(value, length, mark, section.places[entry]!)
  }
  for (const [mark, places] of crowded ?? []) {
    length = writePair(value, length, mark, elsewhere)
    changes.push(
      put(frequentKey(bucket, mark, section.section), Buffer.from(Uint32Array.from(places).buffer)),
    )
    frequent.push(bucket, mark)
  }
  changes.push(put(bucketKey(bucket, section.section), value.subarray(0, length)))
}

/** The marks that occur too often, each with an empty list for its places. */
function crowdedMarks(section: OpenSection, entries: readonly number[]): Map<number, number[]> {
  const counts = new Map<number, number>()
  for (const entry of entries) {
    const mark = section.marks[entry]!
    counts.set(mark, (counts.get(mark) ?? 0) + 1)
  }
  return new Map([...counts].filter(([, count]) => count > frequentFrom).map(([mark]) => [mark, []]))
}

function writePair(into: Buffer, at: number, first: number, second: number): number {
  into.writeUInt32LE(first, at)
  return into.writeUInt32LE(second, at + 4)
}
