import { constants } from 'node:fs'
import { mkdir, open, readdir, readFile, realpath, stat, writeFile } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import { BanyanError, banyanError, fail } from '@banyan/base'
import { type PackageFile, packageLimits } from '../archive.js'
import { type Manifest, manifestFile, parseManifest } from '../manifest.js'

/** The manifest in the folder of a DService. Error: ManifestInvalid. */
export async function readManifestOf(folder: string): Promise<Manifest> {
  const path = join(folder, manifestFile)
  const text = await readFile(path, 'utf8').catch((error: unknown) =>
    fail('ManifestInvalid', { reason: `${path} cannot be read` }, error),
  )
  return parseManifest(text)
}

/**
 * The files that belong to a package: the manifest, and what it lists. Links are followed as long as they stay in the folder.
 * Errors: PackageLinkRefused, PackageTooLarge, ManifestInvalid where something listed is missing.
 */
export async function readFiles(folder: string, manifest: Manifest): Promise<readonly PackageFile[]> {
  const root = await realpath(folder)
  const paths = new Set<string>()
  for (const listed of [manifestFile, ...manifest.files]) await collect(root, join(root, listed), paths)
  if (paths.size > packageLimits.files) fail('PackageTooLarge', { limit: packageLimits.files, unit: 'files' })
  const files: PackageFile[] = []
  let bytes = 0
  for (const path of paths) {
    const file = await readOne(root, path)
    bytes += file.data.length
    if (bytes > packageLimits.bytes) fail('PackageTooLarge', { limit: packageLimits.bytes, unit: 'bytes' })
    files.push(file)
  }
  return files
}

/** Adds the files at `path` and below it. A folder is entered by its own name alone, so that links make no circles. */
async function collect(root: string, path: string, paths: Set<string>): Promise<void> {
  const real = await realpath(path).catch((error: unknown) =>
    fail('ManifestInvalid', { reason: `files: ${relative(root, path)} is not there` }, error),
  )
  if (real !== root && !real.startsWith(root + sep))
    fail('PackageLinkRefused', { path: relative(root, path) })
  const found = await stat(real)
  if (found.isFile()) paths.add(path)
  else if (found.isDirectory() && real === path) {
    if (paths.size > packageLimits.files)
      fail('PackageTooLarge', { limit: packageLimits.files, unit: 'files' })
    for (const name of await readdir(path)) await collect(root, join(path, name), paths)
  }
}

async function readOne(root: string, path: string): Promise<PackageFile> {
  const { mode } = await stat(path)
  return {
    path: relative(root, path).split(sep).join('/'),
    data: await readFile(path),
    isExecutable: (mode & 0o100) !== 0,
  }
}

/**
 * Writes the files of an opened package below a folder that does not exist yet; nothing in it is a link, so nothing can be
 * written outside. Errors: FileExists, DiskFull, DiskFailed.
 */
export async function writeFiles(folder: string, files: readonly PackageFile[]): Promise<void> {
  try {
    await mkdir(folder)
    const folders = new Set(files.map(({ path }) => dirname(join(folder, path))))
    for (const path of folders) await mkdir(path, { recursive: true, mode: 0o755 })
    for (const { path, data, isExecutable } of files) {
      const flags = constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY
      const handle = await open(join(folder, path), flags, isExecutable ? 0o755 : 0o644)
      try {
        await handle.writeFile(data)
      } finally {
        await handle.close()
      }
    }
  } catch (error) {
    throw diskError(error, 'write', folder)
  }
}

/** Writes a file that must not exist yet. Errors: FileExists, DiskFull, DiskFailed. */
export async function writeNew(path: string, data: string | Uint8Array): Promise<void> {
  try {
    await writeFile(path, data, { flag: 'wx' })
  } catch (error) {
    throw diskError(error, 'write', path)
  }
}

/** The registry error for what a file system said. */
export function diskError(error: unknown, operation: string, path: string): BanyanError {
  if (error instanceof BanyanError) return error
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'EEXIST') return banyanError('FileExists', { path }, error)
  if (code === 'ENOSPC' || code === 'EDQUOT') return banyanError('DiskFull', { path }, error)
  return banyanError('DiskFailed', { operation, path }, error)
}
