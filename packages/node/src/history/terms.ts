import type { Address, Hash } from '@banyan/base'

/** What transactions can be looked up by. Topics count from `topic`, one kind for each position. */
export const termKind = { id: 1, account: 2, logAddress: 3, topic: 4 } as const

export const bucketBits = 14
export const bucketCount = 2 ** bucketBits

/** Where the entries of a term are: its bucket, and 32 more bits of its hash that tell it from others there. */
export type Term = { readonly bucket: number; readonly mark: number }

/** Two secret words of a database: without them nobody can aim terms at one bucket. They change speed, never results. */
export type Seed = readonly [number, number]

/** Words of an id that are hashed. */
const idWords = 4
const addressWords = 5
const topicWords = 8

/** Entries of transactions: bucket, mark and place for each. */
export class TermList {
  words = new Uint32Array(3 * 1024)
  length = 0
  readonly seed: Seed

  constructor(seed: Seed) {
    this.seed = seed
  }

  /** Adds the term that is `count` words from `offset` on. */
  add(kind: number, source: Uint32Array, offset: number, count: number, place: number): void {
    if (this.length + 3 > this.words.length) this.grow()
    hashInto(this.words, this.length, this.seed, kind, source, offset, count)
    this.words[this.length + 2] = place
    this.length += 3
  }

  addId(ids: Uint32Array, offset: number, place: number): void {
    this.add(termKind.id, ids, offset, idWords, place)
  }

  addAddress(kind: number, addresses: Uint32Array, offset: number, place: number): void {
    this.add(kind, addresses, offset, addressWords, place)
  }

  addTerm({ bucket, mark }: Term, place: number): void {
    this.addPair(bucket, mark, place)
  }

  addPair(bucket: number, mark: number, place: number): void {
    if (this.length + 3 > this.words.length) this.grow()
    this.words[this.length] = bucket
    this.words[this.length + 1] = mark
    this.words[this.length + 2] = place
    this.length += 3
  }

  grow(): void {
    const larger = new Uint32Array(this.words.length * 2)
    larger.set(this.words)
    this.words = larger
  }
}

const scratch = new Uint32Array(topicWords)
const scratchBytes = new Uint8Array(scratch.buffer)
const pair = new Uint32Array(2)

function termOf(seed: Seed, kind: number, bytes: Uint8Array, count: number): Term {
  scratchBytes.set(bytes.subarray(0, 4 * count))
  hashInto(pair, 0, seed, kind, scratch, 0, count)
  return { bucket: pair[0]!, mark: pair[1]! }
}

export function idTerm(seed: Seed, id: Hash): Term {
  return termOf(seed, termKind.id, id, idWords)
}

export function addressTerm(seed: Seed, kind: number, address: Address): Term {
  return termOf(seed, kind, address, addressWords)
}

export function topicTerm(seed: Seed, position: number, topic: Hash): Term {
  return termOf(seed, termKind.topic + position, topic, topicWords)
}

/** Bucket and mark: the words mixed into two lanes, finished as MurmurHash3 does (public domain, A. Appleby). */
function hashInto(
  out: Uint32Array,
  at: number,
  seed: Seed,
  kind: number,
  source: Uint32Array,
  offset: number,
  count: number,
): void {
  let a = seed[0] ^ kind
  let b = seed[1]
  for (let i = 0; i < count; i++) {
    const word = source[offset + i]!
    a = Math.imul(a ^ word, 0xcc9e2d51)
    a = (a << 15) | (a >>> 17)
    b = Math.imul(b ^ word, 0x1b873593) + a
    b = (b << 13) | (b >>> 19)
  }
  out[at] = finish(a ^ b) >>> (32 - bucketBits)
  out[at + 1] = finish(b)
}

function finish(hash: number): number {
  let h = hash ^ (hash >>> 16)
  h = Math.imul(h, 0x85ebca6b)
  h ^= h >>> 13
  h = Math.imul(h, 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}
