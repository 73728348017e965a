import { type BanyanError, fail } from '@banyan/base'
import { checkPaths, comparePaths } from './paths.js'
import { blockSize, type FileHeader, readHeader, writeHeader } from './tar-header.js'

/** A file of a package. */
export type PackageFile = {
  /** Relative, with `/` between segments. */
  readonly path: string
  readonly data: Uint8Array
  readonly isExecutable: boolean
}

/** Bounds of a package, packed and unpacked. */
export const packageLimits = { files: 20_000, bytes: 256 * 1_048_576 } as const

const padded = (size: number): number => Math.ceil(size / blockSize) * blockSize

/**
 * The archive of these files, in docs/formats.md, "DService packages": the same files give the same bytes everywhere.
 * Errors: PackagePathRefused, PackageTooLarge.
 */
export function packFiles(files: readonly PackageFile[]): Uint8Array {
  const sorted = [...files].sort((a, b) => comparePaths(a.path, b.path))
  checkPaths(sorted.map(({ path }) => path))
  const length = sorted.reduce((sum, { data }) => sum + blockSize + padded(data.length), 2 * blockSize)
  checkBounds(sorted.length, length)
  const archive = new Uint8Array(length)
  let at = 0
  for (const { path, data, isExecutable } of sorted) {
    archive.set(writeHeader({ path, size: data.length, isExecutable }), at)
    archive.set(data, at + blockSize)
    at += blockSize + padded(data.length)
  }
  return archive
}

/**
 * The files of an archive; their data are views of it. Whatever `packFiles` would not have written is refused.
 * Errors: PackageMalformed, PackagePathRefused, PackageTooLarge.
 */
export function unpackFiles(archive: Uint8Array): readonly PackageFile[] {
  checkBounds(0, archive.length)
  if (archive.length % blockSize !== 0) malformed('its length is no multiple of 512')
  const files: PackageFile[] = []
  let at = 0
  while (at + blockSize <= archive.length && archive[at] !== 0) {
    const header: FileHeader = readHeader(archive.subarray(at, at + blockSize))
    const end = at + blockSize + padded(header.size)
    if (end > archive.length) malformed(`${header.path} is cut`)
    const data = archive.subarray(at + blockSize, at + blockSize + header.size)
    if (!isZero(archive.subarray(at + blockSize + header.size, end))) malformed('padding is not zero')
    files.push({ path: header.path, data, isExecutable: header.isExecutable })
    checkBounds(files.length, end)
    at = end
  }
  if (archive.length - at !== 2 * blockSize || !isZero(archive.subarray(at)))
    malformed('it does not end with two empty blocks')
  checkPaths(files.map(({ path }) => path))
  return files
}

function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0)
}

function malformed(reason: string): BanyanError {
  return fail('PackageMalformed', { reason })
}

function checkBounds(files: number, bytes: number): void {
  if (files > packageLimits.files) fail('PackageTooLarge', { limit: packageLimits.files, unit: 'files' })
  if (bytes > packageLimits.bytes) fail('PackageTooLarge', { limit: packageLimits.bytes, unit: 'bytes' })
}
