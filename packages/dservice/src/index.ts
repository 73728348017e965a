export { type PackageFile, packageLimits, packFiles, unpackFiles } from './archive.js'
export { type Manifest, manifestFile, manifestForm, parseManifest, readManifest } from './manifest.js'
export { type OpenedPackage, openPackage, readPackage } from './open-package.js'
export {
  checkSignature,
  contentOf,
  makeRelease,
  type Release,
  type ReleaseCrypto,
  type Role,
  readRelease,
  releaseName,
  roles,
  signRelease,
  verifyRelease,
} from './release.js'
