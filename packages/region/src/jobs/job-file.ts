import { crc32 } from 'node:zlib'
import { utf8 } from '@banyan/base'
import type { Disk } from '@banyan/storage'

/** A file of a job: length of its head and CRC-32 of what follows, 4 bytes each; the head as JSON; the body. */

export type JobFile<Head> = { readonly head: Head; readonly body: Uint8Array }

const fixedBytes = 8
/** Headers are at most 32 KiB, and a head has little more. */
const maxHeadBytes = 2 ** 20

/** The parts of a file, one after the other. */
export function makeJobFile(head: object, body: readonly Uint8Array[]): readonly Uint8Array[] {
  const text = utf8(JSON.stringify(head))
  const fixed = new Uint8Array(fixedBytes)
  const view = new DataView(fixed.buffer)
  view.setUint32(0, text.length, true)
  view.setUint32(4, sumOf([text, ...body]), true)
  return [fixed, text, ...body]
}

/** `undefined` if not all of the file is there. Error: DiskFailed. */
export async function readJobFile<Head>(disk: Disk, name: string): Promise<JobFile<Head> | undefined> {
  const file = await disk.open(name)
  try {
    const bytes = new Uint8Array(await file.size())
    await file.read(0, bytes)
    return parse<Head>(bytes)
  } finally {
    await file.close()
  }
}

function parse<Head>(bytes: Uint8Array): JobFile<Head> | undefined {
  if (bytes.length < fixedBytes) return undefined
  const view = new DataView(bytes.buffer)
  const length = view.getUint32(0, true)
  const rest = bytes.subarray(fixedBytes)
  if (length > Math.min(rest.length, maxHeadBytes) || view.getUint32(4, true) !== crc32(rest))
    return undefined
  const text = new TextDecoder().decode(rest.subarray(0, length))
  return { head: JSON.parse(text) as Head, body: rest.subarray(length) }
}

function sumOf(parts: readonly Uint8Array[]): number {
  return parts.reduce((sum, part) => crc32(part, sum), 0)
}
