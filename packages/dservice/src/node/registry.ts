import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { BanyanError, fail } from '@banyan/base'
import { type Release, readRelease, releaseName } from '../release.js'

/** A release with its package as it travels: the compressed archive. */
export type PublishedPackage = { readonly release: Release; readonly compressed: Uint8Array }

/** Where releases are found. Nothing of it is trusted: whoever fetches checks signatures and hashes. */
export type RegistryReader = {
  readonly place: string
  /** Names and versions, sorted. */
  readonly list: () => Promise<readonly { readonly name: string; readonly version: string }[]>
  /** Errors: ReleaseUnknown, ReleaseMalformed, RegistryFailed. */
  readonly release: (name: string, version: string) => Promise<Release>
  /** The compressed archive of a release. Errors: ReleaseUnknown, RegistryFailed. */
  readonly fetch: (release: Release) => Promise<Uint8Array>
}

/** Where releases are published, too. */
export type Registry = RegistryReader & {
  /** A release that is there already gets the signatures of this one. Errors: ReleaseTaken, RegistryFailed. */
  readonly publish: (published: PublishedPackage) => Promise<void>
}

/** A registry in a folder. A web server that serves the folder makes it a registry for others. */
export function folderRegistry(folder: string): Registry {
  const failed = (error: unknown): never => {
    if (error instanceof BanyanError) throw error
    return fail('RegistryFailed', { place: folder, reason: message(error) }, error)
  }
  const releaseOf = async (name: string, version: string): Promise<Release | undefined> => {
    const text = await readFile(join(folder, releasePath(name, version)), 'utf8').catch(() => undefined)
    return text === undefined ? undefined : parseRelease(text)
  }
  const list: RegistryReader['list'] = async () => {
    const names = await readdir(join(folder, 'releases')).catch(() => [])
    return names.sort().flatMap((file) => {
      const found = /^([a-z0-9-]+)@([a-z0-9.-]+)\.json$/.exec(file)
      return found === null ? [] : [{ name: found[1]!, version: found[2]! }]
    })
  }
  return {
    place: folder,
    list,
    release: async (name, version) => {
      const release = await releaseOf(name, version)
      if (release === undefined || release.name !== name || release.version !== version)
        return fail('ReleaseUnknown', { place: folder, release: releaseName({ name, version }) })
      return release
    },
    fetch: (release) => readFile(join(folder, packagePath(release))).catch(failed),
    publish: async ({ release, compressed }) => {
      const known = await releaseOf(release.name, release.version)
      if (known !== undefined && known.content !== release.content)
        fail('ReleaseTaken', { release: releaseName(release) })
      try {
        await mkdir(join(folder, 'releases'), { recursive: true })
        await mkdir(join(folder, 'packages'), { recursive: true })
        await replace(join(folder, packagePath(release)), compressed)
        const text = `${JSON.stringify(release, undefined, 2)}\n`
        await replace(join(folder, releasePath(release.name, release.version)), text)
        await replace(join(folder, 'index.json'), `${JSON.stringify(await list(), undefined, 2)}\n`)
      } catch (error) {
        failed(error)
      }
    },
  }
}

/** Path of a release in a registry. */
export function releasePath(name: string, version: string): string {
  return `releases/${name}@${version}.json`
}

/** Path of a package in a registry, by its contents. */
export function packagePath({ content }: Release): string {
  return `packages/${content.slice(2)}.tar.gz`
}

/** The release in a text. Error: ReleaseMalformed. */
export function parseRelease(text: string): Release {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    return fail('ReleaseMalformed', { reason: 'it is not JSON' }, error)
  }
  return readRelease(value)
}

/** Readers see the old file or the new one, never a part. */
async function replace(path: string, data: string | Uint8Array): Promise<void> {
  const fresh = `${path}.${process.pid}.new`
  try {
    await writeFile(fresh, data)
    await rename(fresh, path)
  } finally {
    await rm(fresh, { force: true })
  }
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
