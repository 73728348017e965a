export { build } from './build.js'
export { compress, decompress } from './compress.js'
export { createDService, type TemplateName, templates } from './create.js'
export { type DevOptions, runDev } from './dev.js'
export type { LoggedRequest } from './dev-proxy.js'
export { readFiles, readManifestOf, writeFiles, writeNew } from './folder.js'
export { type Installed, install } from './install.js'
export { packageFiles, packageFolder } from './package-folder.js'
export {
  folderRegistry,
  type PublishedPackage,
  packagePath,
  parseRelease,
  type Registry,
  type RegistryReader,
  releasePath,
} from './registry.js'
export { webRegistry } from './web-registry.js'
