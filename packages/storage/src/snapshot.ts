import { fail, utf8 } from '@banyan/base'
import type { Disk, DiskFile } from './disk.js'
import { checkName, numberedName, numbersOf } from './names.js'
import { type FileWindow, openWindow } from './window.js'

/**
 * Snapshot file, little-endian. Header (32): 0 magic (8), 8 version (4), 12 zero (4), 16 sequence (8), 24 zero (4),
 * 28 checksum (4). Then chunks: 0 length (4), 4 checksum (4), 8 bytes. Then the trailer (24): 0 zero (4),
 * 4 checksum (4), 8 number of chunks (8), 16 bytes in them (8). Every checksum continues the one before and covers
 * its part but for the checksum itself, so the trailer's is that of the whole file.
 */
const headerBytes = 32
const chunkHeaderBytes = 8
const trailerBytes = 24
const version = 1
const magic = utf8('BANYNSNP')

/** Most bytes of a chunk. */
export const maxChunkBytes = 1 << 24

function withChecksum(disk: Disk, bytes: Uint8Array, at: number, seed: number, rest?: Uint8Array): number {
  const sum = checksumOf(disk, bytes, at, seed, rest)
  new DataView(bytes.buffer).setUint32(at, sum, true)
  return sum
}

function checksumOf(disk: Disk, bytes: Uint8Array, at: number, seed: number, rest?: Uint8Array): number {
  const sum = disk.crc32(bytes.subarray(at + 4), disk.crc32(bytes.subarray(0, at), seed))
  return rest === undefined ? sum : disk.crc32(rest, sum)
}

function encodeHeader(disk: Disk, sequence: number): Uint8Array {
  const header = new Uint8Array(headerBytes)
  header.set(magic)
  const view = new DataView(header.buffer)
  view.setUint32(8, version, true)
  view.setBigUint64(16, BigInt(sequence), true)
  withChecksum(disk, header, 28, 0)
  return header
}

/**
 * Stores `chunks` (each at most `maxChunkBytes`) as the snapshot `name` at `sequence`; when it resolves, it is
 * durable and complete. An interrupted or failed write leaves an older snapshot of that sequence as it was.
 * Throws `RecordTooLarge`, `DiskFull`, `DiskFailed` and what `chunks` throws.
 */
export async function writeSnapshot(
  disk: Disk,
  name: string,
  sequence: number,
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<void> {
  checkName(name)
  if (!Number.isSafeInteger(sequence) || sequence < 0) {
    fail('OptionInvalid', { option: 'sequence', reason: 'not a whole number from 0 on' })
  }
  const target = numberedName(name, sequence, 'snap')
  const temporary = numberedName(name, sequence, 'snap.tmp')
  const file = await disk.create(temporary)
  try {
    await writeParts(disk, file, sequence, chunks)
    await file.sync()
  } catch (error) {
    await file.close()
    // The first failure is the one to report; removeOldSnapshots tries again.
    await disk.remove(temporary).catch(() => undefined)
    throw error
  }
  await file.close()
  await disk.rename(temporary, target)
  await disk.syncFolder()
}

async function writeParts(
  disk: Disk,
  file: DiskFile,
  sequence: number,
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<void> {
  const header = encodeHeader(disk, sequence)
  let checksum = new DataView(header.buffer).getUint32(28, true)
  let count = 0
  let total = 0
  await file.append([header])
  for await (const chunk of chunks) {
    if (chunk.length > maxChunkBytes) fail('RecordTooLarge', { size: chunk.length, limit: maxChunkBytes })
    if (chunk.length === 0) continue
    const head = new Uint8Array(chunkHeaderBytes)
    new DataView(head.buffer).setUint32(0, chunk.length, true)
    checksum = withChecksum(disk, head, 4, checksum, chunk)
    await file.append([head, chunk])
    count++
    total += chunk.length
  }
  const trailer = new Uint8Array(trailerBytes)
  const view = new DataView(trailer.buffer)
  view.setBigUint64(8, BigInt(count), true)
  view.setBigUint64(16, BigInt(total), true)
  withChecksum(disk, trailer, 4, checksum)
  await file.append([trailer])
}

/**
 * Streams the chunks of a snapshot, each checked. Only when the stream has ended is the snapshot known to be
 * complete. Throws `SnapshotInvalid` for a damaged, cut or missing part, `FormatUnknown` for another version.
 */
export async function* readSnapshot(
  disk: Disk,
  name: string,
  sequence: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  checkName(name)
  const target = numberedName(name, sequence, 'snap')
  const file = await disk.open(target)
  try {
    yield* readChunks(disk, openWindow(file, await file.size()), sequence, `${disk.path}/${target}`)
  } finally {
    await file.close()
  }
}

async function* readChunks(
  disk: Disk,
  window: FileWindow,
  sequence: number,
  path: string,
): AsyncGenerator<Uint8Array, void, undefined> {
  const header = await part(window, 0, headerBytes)
  const headView = viewOf(header)
  let checksum = headView.getUint32(28, true)
  if (checksumOf(disk, header, 28, 0) !== checksum) invalid('its header is damaged')
  if (magic.some((byte, at) => header[at] !== byte)) invalid('it is another kind of file')
  const given = headView.getUint32(8, true)
  if (given !== version) fail('FormatUnknown', { path, given, expected: version })
  if (headView.getBigUint64(16, true) !== BigInt(sequence)) invalid('it was renamed')
  let offset = headerBytes
  let count = 0n
  let total = 0n
  for (;;) {
    const head = await part(window, offset, chunkHeaderBytes)
    const length = viewOf(head).getUint32(0, true)
    if (length === 0) break
    if (length > maxChunkBytes) invalid('a chunk is too long')
    const chunk = await part(window, offset + chunkHeaderBytes, length)
    checksum = checksumOf(disk, head, 4, checksum, chunk)
    if (checksum !== viewOf(head).getUint32(4, true)) invalid(`chunk ${count} is damaged`)
    yield chunk
    offset += chunkHeaderBytes + length
    count++
    total += BigInt(length)
  }
  const trailer = await part(window, offset, trailerBytes)
  const view = viewOf(trailer)
  if (checksumOf(disk, trailer, 4, checksum) !== view.getUint32(4, true)) invalid('its trailer is damaged')
  if (view.getBigUint64(8, true) !== count || view.getBigUint64(16, true) !== total)
    invalid('chunks are missing')
  if (offset + trailerBytes !== window.size) invalid('something follows its end')
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

async function part(window: FileWindow, offset: number, length: number): Promise<Uint8Array> {
  return (await window.view(offset, length)) ?? invalid('it is incomplete')
}

function invalid(reason: string): never {
  fail('SnapshotInvalid', { reason })
}

/** Sequences of the stored snapshots `name`, ascending. */
export async function listSnapshots(disk: Disk, name: string): Promise<readonly number[]> {
  checkName(name)
  return numbersOf(await disk.list(), name, 'snap')
}

/** Removes all but the `keep` newest snapshots, and what interrupted writes of snapshots left. */
export async function removeOldSnapshots(disk: Disk, name: string, keep: number): Promise<void> {
  checkName(name)
  if (!Number.isSafeInteger(keep) || keep < 1) {
    fail('OptionInvalid', { option: 'keep', reason: 'not a whole number from 1 on' })
  }
  const files = await disk.list()
  const old = numbersOf(files, name, 'snap').slice(0, -keep)
  for (const sequence of old) await disk.remove(numberedName(name, sequence, 'snap'))
  const unfinished = numbersOf(files, name, 'snap.tmp')
  for (const sequence of unfinished) await disk.remove(numberedName(name, sequence, 'snap.tmp'))
  await disk.syncFolder()
}
