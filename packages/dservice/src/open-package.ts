import { fail, toHex } from '@banyan/base'
import { type PackageFile, unpackFiles } from './archive.js'
import { type Manifest, manifestFile, parseManifest } from './manifest.js'
import { type Release, type ReleaseCrypto, releaseName, verifyRelease } from './release.js'

export type OpenedPackage = { readonly manifest: Manifest; readonly files: readonly PackageFile[] }

/**
 * The contents of an archive that a release names, after every check: signatures first, then the hash, then the form.
 * Errors: SignatureMissing, SignatureWrong, AuthorityUnknown, PackageMismatch, PackageMalformed, PackagePathRefused,
 * PackageTooLarge, ManifestInvalid.
 */
export function openPackage(
  crypto: ReleaseCrypto,
  release: Release,
  archive: Uint8Array,
  authorities: readonly Uint8Array[],
): OpenedPackage {
  verifyRelease(crypto, release, authorities)
  const mismatch = (reason: string): never =>
    fail('PackageMismatch', { release: releaseName(release), reason })
  if (toHex(crypto.sha256(archive)) !== release.content) mismatch('its hash differs')
  const opened = readPackage(archive)
  if (opened.manifest.name !== release.name || opened.manifest.version !== release.version)
    mismatch(`its manifest says ${releaseName(opened.manifest)}`)
  return opened
}

/** The contents of an archive that nobody vouches for. Errors: those of its form. */
export function readPackage(archive: Uint8Array): OpenedPackage {
  const files = unpackFiles(archive)
  const found = files.find(({ path }) => path === manifestFile)
  if (found === undefined) return fail('ManifestInvalid', { reason: `there is no ${manifestFile}` })
  return { manifest: parseManifest(new TextDecoder().decode(found.data)), files }
}
