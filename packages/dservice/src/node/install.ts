import { randomUUID } from 'node:crypto'
import { mkdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { toHex } from '@banyan/base'
import type { Manifest } from '../manifest.js'
import { openPackage } from '../open-package.js'
import { contentOf, type ReleaseCrypto, releaseName, verifyRelease } from '../release.js'
import { decompress } from './compress.js'
import { diskError, readManifestOf, writeFiles } from './folder.js'
import type { RegistryReader } from './registry.js'

/** A package that was checked and unpacked. */
export type Installed = { readonly manifest: Manifest; readonly folder: string; readonly content: string }

/**
 * Fetches a release, checks everything about it, and unpacks it below `store` under the hash of its contents. What lies there
 * already is used again: it was checked when it was written, and the signatures are checked anew.
 * Errors: those of the registry, of `openPackage`, and of the disk.
 */
export async function install(
  crypto: ReleaseCrypto,
  registry: RegistryReader,
  store: string,
  { name, version }: { readonly name: string; readonly version: string },
  authorities: readonly Uint8Array[],
): Promise<Installed> {
  const release = await registry.release(name, version)
  verifyRelease(crypto, release, authorities)
  const content = toHex(contentOf(release))
  const folder = join(store, content.slice(2))
  const known = await readManifestOf(folder).catch(() => undefined)
  if (known !== undefined && releaseName(known) === releaseName(release))
    return { manifest: known, folder, content }
  const archive = await decompress(await registry.fetch(release), release.bytes)
  const { manifest, files } = openPackage(crypto, release, archive, authorities)
  const fresh = `${folder}.${randomUUID()}`
  try {
    await mkdir(dirname(folder), { recursive: true })
    await writeFiles(fresh, files)
    await rename(fresh, folder)
  } catch (error) {
    // Another miner on this machine may have been faster.
    if ((await readManifestOf(folder).catch(() => undefined)) === undefined)
      throw diskError(error, 'write', folder)
  } finally {
    await rm(fresh, { recursive: true, force: true })
  }
  return { manifest, folder, content }
}
