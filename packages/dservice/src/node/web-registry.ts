import { BanyanError, banyanError, fail } from '@banyan/base'
import { z } from 'zod'
import { packageLimits } from '../archive.js'
import { releaseName } from '../release.js'
import { packagePath, parseRelease, type RegistryReader, releasePath } from './registry.js'

const indexForm = z
  .array(z.strictObject({ name: z.string().max(40), version: z.string().max(40) }))
  .max(100_000)

const maxText = 16 * 1_048_576
const patience = 60_000

/** A registry behind http or https: the files of a folder registry, as any web server serves them. */
export function webRegistry(address: string): RegistryReader {
  const place = address.replace(/\/$/, '')
  return {
    place,
    list: async () => {
      const text = new TextDecoder().decode(await get(place, 'index.json', maxText))
      try {
        return indexForm.parse(JSON.parse(text))
      } catch (error) {
        return fail('RegistryFailed', { place, reason: 'its index is no list of releases' }, error)
      }
    },
    release: async (name, version) => {
      const text = await get(place, releasePath(name, version), maxText)
      const release = parseRelease(new TextDecoder().decode(text))
      if (release.name !== name || release.version !== version)
        fail('RegistryFailed', { place, reason: `it gave ${releaseName(release)}` })
      return release
    },
    // A compressed archive is never much longer than the archive itself.
    fetch: (release) =>
      get(place, packagePath(release), Math.min(release.bytes, packageLimits.bytes) + 65_536),
  }
}

async function get(place: string, path: string, limit: number): Promise<Uint8Array> {
  try {
    const response = await fetch(`${place}/${path}`, { signal: AbortSignal.timeout(patience) })
    if (response.status === 404) return fail('ReleaseUnknown', { place, release: path })
    if (!response.ok || response.body === null)
      return fail('RegistryFailed', { place, reason: `it answered ${response.status} for ${path}` })
    const parts: Uint8Array[] = []
    let length = 0
    for await (const part of response.body) {
      length += part.length
      if (length > limit) fail('RegistryFailed', { place, reason: `${path} is longer than ${limit} bytes` })
      parts.push(part)
    }
    return Buffer.concat(parts)
  } catch (error) {
    if (error instanceof BanyanError) throw error
    throw banyanError('RegistryFailed', { place, reason: `${path} could not be read` }, error)
  }
}
