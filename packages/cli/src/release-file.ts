import { readFile } from 'node:fs/promises'
import { fail } from '@banyan/base'
import type { Release } from '@banyan/dservice'
import { parseRelease } from '@banyan/dservice/node'

/** The release in a file. Errors: FileUnreadable, ReleaseMalformed. */
export async function readReleaseFile(path: string): Promise<Release> {
  const text = await readFile(path, 'utf8').catch((error: unknown) =>
    fail('FileUnreadable', { path, reason: 'it does not exist, or this user may not read it' }, error),
  )
  return parseRelease(text)
}
