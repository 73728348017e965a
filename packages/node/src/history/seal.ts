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
  const pairs = section.bucket(bucket)
  const crowded = pairs.length > 2 * frequentFrom ? crowdedMarks(pairs) : new Map<number, number[]>()
  for (const [mark, places] of crowded) {
    changes.push(put(frequentKey(bucket, mark, section.section), bytesOf(Uint32Array.from(places))))
    frequent.push(bucket, mark)
  }
  const rest = crowded.size === 0 ? pairs : withoutCrowded(pairs, crowded)
  changes.push(put(bucketKey(bucket, section.section), bytesOf(rest)))
}

/** Places of the marks that occur too often. */
function crowdedMarks(pairs: Uint32Array): ReadonlyMap<number, readonly number[]> {
  const places = new Map<number, number[]>()
  for (let i = 0; i < pairs.length; i += 2) {
    const known = places.get(pairs[i]!)
    if (known === undefined) places.set(pairs[i]!, [pairs[i + 1]!])
    else known.push(pairs[i + 1]!)
  }
  return new Map([...places].filter(([, { length }]) => length > frequentFrom))
}

function withoutCrowded(pairs: Uint32Array, crowded: ReadonlyMap<number, unknown>): Uint32Array {
  const rest: number[] = [...crowded.keys()].flatMap((mark) => [mark, elsewhere])
  for (let i = 0; i < pairs.length; i += 2) {
    if (!crowded.has(pairs[i]!)) rest.push(pairs[i]!, pairs[i + 1]!)
  }
  return Uint32Array.from(rest)
}

function bytesOf(words: Uint32Array): Uint8Array {
  return new Uint8Array(words.buffer, words.byteOffset, words.byteLength)
}
