import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { fail } from '@banyan/base'

const folder = new URL('../../samples/', import.meta.url)

/** How scripts name the pictures and documents that come with the service. */
export const samplePrefix = 'sample:'

export const sampleNames: readonly string[] = readdirSync(folder)
  .filter((name) => !name.endsWith('.mjs'))
  .sort()

/** The file of `sample:name`. Errors: InputFailed. */
export function samplePath(name: string): string {
  const file = name.slice(samplePrefix.length)
  if (!sampleNames.includes(file))
    fail('InputFailed', { url: name.slice(0, 100), reason: `there are ${sampleNames.join(', ')}` })
  return fileURLToPath(new URL(file, folder))
}
