import { join } from 'node:path'
import { packFiles } from '../archive.js'
import { readPackage } from '../open-package.js'
import { makeRelease, type ReleaseCrypto, releaseName } from '../release.js'
import { build } from './build.js'
import { compress, decompress } from './compress.js'
import { readFiles, readManifestOf } from './folder.js'
import type { PublishedPackage } from './registry.js'

/**
 * Builds a DService and packs its files. The release is not signed yet. The archive is read back before it is given out, so
 * that what nobody could open is never published.
 * Errors: ManifestInvalid, BuildFailed, PackageLinkRefused, PackagePathRefused, PackageTooLarge.
 */
export async function packageFolder(
  crypto: ReleaseCrypto,
  folder: string,
  print: (line: string) => void,
): Promise<PublishedPackage> {
  const manifest = await readManifestOf(folder)
  await build(folder, manifest, print)
  const archive = packFiles(await readFiles(folder, manifest))
  const release = makeRelease(crypto, manifest, archive)
  const compressed = await compress(archive)
  readPackage(await decompress(compressed, release.bytes))
  return { release, compressed }
}

/** Files that `banyan dservice package` writes and `sign` and `publish` read. */
export function packageFiles(
  folder: string,
  named: { readonly name: string; readonly version: string },
): { readonly release: string; readonly package: string } {
  const base = join(folder, releaseName(named))
  return { release: `${base}.release.json`, package: `${base}.tar.gz` }
}
