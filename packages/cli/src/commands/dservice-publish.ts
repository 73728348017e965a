import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { fail } from '@banyan/base'
import { releaseName, roles } from '@banyan/dservice'
import { folderRegistry } from '@banyan/dservice/node'
import type { Context } from '../command-spec.js'
import { readReleaseFile } from '../release-file.js'

/** Publishes a release with the package beside it. */
export async function run({ arguments: named, options, output }: Context): Promise<undefined> {
  const path = named['release'] ?? ''
  const release = await readReleaseFile(path)
  if (release.developer === undefined)
    fail('SignatureMissing', { release: releaseName(release), role: 'developer' })
  const file = path.replace(/\.release\.json$/, '.tar.gz')
  const compressed = await readFile(file).catch((error: unknown) =>
    fail('FileUnreadable', { path: file, reason: 'the package is not beside its release' }, error),
  )
  const registry = folderRegistry(resolve(String(options['registry'] ?? 'registry')))
  await registry.publish({ release, compressed })
  const signatures = roles.filter((role) => release[role] !== undefined)
  output.result({ name: release.name, version: release.version, registry: registry.place, signatures }, [
    `${output.paint.bold(releaseName(release))} is in ${registry.place}, signed by ${signatures.join(' and ')}.`,
  ])
}
