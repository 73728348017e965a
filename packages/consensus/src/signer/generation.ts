import { equalBytes } from '@banyan/base'
import type { CryptoProvider } from '@banyan/crypto'
import type { Disk, DiskFile } from '@banyan/storage'
import {
  chainStart,
  encodeEntry,
  encodeMark,
  type Mark,
  readEntries,
  readMarks,
  recordBytes,
  type SignerEntry,
} from './format.js'

/** Files of one generation; pruning makes the next one. */
const votesPattern = /^votes-(\d{1,15})$/
const marksPattern = /^marks-(\d{1,15})$/

/** Most bytes read of one file: a generation is far smaller. */
const maxFileBytes = 2 ** 26

export type SignerFiles = {
  readonly disk: Disk
  readonly provider: CryptoProvider
  readonly identity: Uint8Array
}

export type Generation = {
  readonly number: number
  readonly votes: DiskFile
  readonly marks: DiskFile
  end: Mark
}

function numbersOf(names: readonly string[], pattern: RegExp): readonly number[] {
  const numbers = names.map((name) => pattern.exec(name)?.[1]).filter((text) => text !== undefined)
  return numbers.map(Number).sort((a, b) => b - a)
}

async function readWhole(file: DiskFile): Promise<Uint8Array> {
  const bytes = new Uint8Array(Math.min(await file.size(), maxFileBytes))
  const length = await file.read(0, bytes)
  return bytes.subarray(0, length)
}

/** Adds entries and makes them durable. */
export async function appendEntries(
  { provider }: SignerFiles,
  generation: Generation,
  entries: readonly SignerEntry[],
): Promise<void> {
  let { count, chain } = generation.end
  const parts: Uint8Array[] = []
  for (const entry of entries) {
    const bytes = encodeEntry(provider, chain, entry)
    parts.push(bytes)
    chain = bytes.subarray(-32)
    count++
  }
  await generation.votes.append(parts)
  await generation.votes.sync()
  generation.end = { count, chain }
}

/** Notes durably how long the file of votes is: should it ever be shorter, something was lost. */
export async function appendMark({ disk }: SignerFiles, generation: Generation): Promise<void> {
  await generation.marks.append([encodeMark(disk.crc32, generation.end)])
  await generation.marks.sync()
}

/**
 * Makes a generation that begins with these entries. Its marks come last: where they are, the votes are durable.
 */
export async function beginGeneration(
  files: SignerFiles,
  number: number,
  entries: readonly SignerEntry[],
): Promise<Generation> {
  const { disk, provider, identity } = files
  const votes = await disk.create(`votes-${number}`)
  const end = { count: 0, chain: chainStart(provider, identity) }
  const written = { number, votes, marks: votes, end }
  await appendEntries(files, written, entries)
  await disk.syncFolder()
  const generation = { ...written, marks: await disk.create(`marks-${number}`) }
  await appendMark(files, generation)
  await disk.syncFolder()
  return generation
}

/** Removes the files of all generations but this one. */
export async function removeOthers({ disk }: SignerFiles, number: number): Promise<void> {
  for (const name of await disk.list()) {
    const match = votesPattern.exec(name) ?? marksPattern.exec(name)
    if (match !== null && Number(match[1]) !== number) await disk.remove(name)
  }
  await disk.syncFolder()
}

/** Why a signer must not vote. */
export type Loss = 'missing' | 'truncated' | 'damaged'

/** The newest number that any file has; 0 if there are none. */
export async function newestNumber(disk: Disk): Promise<number> {
  const names = await disk.list()
  return Math.max(0, ...numbersOf(names, votesPattern), ...numbersOf(names, marksPattern))
}

async function newestMarked({
  disk,
}: SignerFiles): Promise<{ readonly number: number; readonly mark: Mark } | undefined> {
  for (const number of numbersOf(await disk.list(), marksPattern)) {
    const file = await disk.open(`marks-${number}`)
    const mark = readMarks(disk.crc32, await readWhole(file))
    await file.close()
    if (mark !== undefined) return { number, mark }
  }
  return undefined
}

/**
 * Opens the newest complete generation and cuts what an interrupted write left. What was durable once must be there
 * still: a file shorter than its last mark, or another chain, is a loss. What a process that ended left in memory of
 * the system is made durable before anything relies on it.
 */
export async function openGeneration(
  files: SignerFiles,
): Promise<{ readonly generation: Generation; readonly entries: readonly SignerEntry[] } | Loss> {
  const { disk, provider, identity } = files
  const marked = await newestMarked(files)
  if (marked === undefined) return 'missing'
  const { number, mark } = marked
  if (!(await disk.list()).includes(`votes-${number}`)) return 'missing'
  const votes = await disk.open(`votes-${number}`)
  const size = await votes.size()
  const { entries, hashes } = readEntries(provider, identity, await readWhole(votes))
  const chain = hashes[mark.count - 1]
  if (chain === undefined || !equalBytes(chain, mark.chain)) {
    await votes.close()
    return size < mark.count * recordBytes ? 'truncated' : 'damaged'
  }
  if (size > entries.length * recordBytes) await votes.truncate(entries.length * recordBytes)
  await votes.sync()
  const marks = await disk.open(`marks-${number}`)
  const end = { count: entries.length, chain: hashes[entries.length - 1]! }
  return { generation: { number, votes, marks, end }, entries }
}
