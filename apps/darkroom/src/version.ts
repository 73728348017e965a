import { readFileSync } from 'node:fs'

/** The version of this package. The same version gives the same bytes for the same request. */
export const version = (
  JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    readonly version: string
  }
).version
