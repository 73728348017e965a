import { equalBytes, fail, utf8 } from '@banyan/base'

/** One header of the POSIX "ustar" form (IEEE Std 1003.1, pax, "ustar Interchange Format"), in the one way this format allows. */

export const blockSize = 512

export type FileHeader = { readonly path: string; readonly size: number; readonly isExecutable: boolean }

/** Largest size that eleven octal digits hold. */
const maxSize = 8 ** 11 - 1

/**
 * The 512 bytes of a regular file: mode 0644 or 0755, owner 0, time 0. `path` has passed `checkPath`.
 * Error: PackagePathRefused for a last segment of more than 100 characters.
 */
export function writeHeader({ path, size, isExecutable }: FileHeader): Uint8Array {
  const block = new Uint8Array(blockSize)
  const text = (offset: number, value: string): void => block.set(utf8(value), offset)
  const { name, prefix } = split(path)
  text(0, name)
  text(100, isExecutable ? '0000755\0' : '0000644\0')
  text(108, '0000000\0')
  text(116, '0000000\0')
  text(124, `${octal(size, 11)}\0`)
  text(136, '00000000000\0')
  text(148, ' '.repeat(8))
  text(156, '0')
  text(257, 'ustar\x0000')
  text(345, prefix)
  const sum = block.reduce((total, byte) => total + byte, 0)
  text(148, `${octal(sum, 6)}\0 `)
  return block
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, '0')
}

/** A name of at most 100 bytes as it is; else the shortest prefix of whole segments that leaves one. */
function split(path: string): { readonly name: string; readonly prefix: string } {
  if (path.length <= 100) return { name: path, prefix: '' }
  const slash = path.indexOf('/', path.length - 101)
  if (slash < 0 || slash > 155)
    return fail('PackagePathRefused', { path, reason: 'its last segment is longer than 100 characters' })
  return { name: path.slice(slash + 1), prefix: path.slice(0, slash) }
}

/** Reads what `writeHeader` wrote, and refuses every other block: links, devices, owners, times. Error: PackageMalformed. */
export function readHeader(block: Uint8Array): FileHeader {
  const text = (offset: number, length: number): string => {
    const field = block.subarray(offset, offset + length)
    const end = field.indexOf(0)
    return String.fromCharCode(...(end < 0 ? field : field.subarray(0, end)))
  }
  const prefix = text(345, 155)
  const path = prefix === '' ? text(0, 100) : `${prefix}/${text(0, 100)}`
  const type = String.fromCharCode(block[156]!)
  if (type !== '0') fail('PackageMalformed', { reason: `${JSON.stringify(path)} is no regular file` })
  const digits = text(124, 12)
  const size = /^[0-7]{11}$/.test(digits) ? Number.parseInt(digits, 8) : maxSize
  const header = { path, size, isExecutable: text(100, 8) === '0000755' }
  if (path.length > 200 || !equalBytes(writeHeader(header), block))
    fail('PackageMalformed', { reason: `the header of ${JSON.stringify(path)} is not in the one form` })
  return header
}
