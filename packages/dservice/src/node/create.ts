import { mkdir, readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fail } from '@banyan/base'
import { manifestFile, readManifest } from '../manifest.js'
import { diskError, writeNew } from './folder.js'
import { goTemplate } from './template-go.js'
import { typescriptTemplate } from './template-typescript.js'

/** Files of a new DService by path. */
export type Template = (name: string) => {
  readonly manifest: Readonly<Record<string, unknown>>
  readonly files: Readonly<Record<string, string>>
  /** What to do next, a command a line. */
  readonly next: readonly string[]
}

export const templates = { typescript: typescriptTemplate, go: goTemplate } as const
export type TemplateName = keyof typeof templates

/**
 * Writes a small DService that works, into a folder that is empty or new. Resolves to what to do next.
 * Errors: ManifestInvalid for a name that no DService can have, FileExists, DiskFailed.
 */
export async function createDService(
  folder: string,
  name: string,
  template: TemplateName,
): Promise<readonly string[]> {
  const { manifest, files, next } = templates[template](name)
  readManifest(manifest)
  const present = await readdir(folder).catch(() => [])
  if (present.length > 0) fail('FileExists', { path: folder })
  const all = { [manifestFile]: `${JSON.stringify(manifest, undefined, 2)}\n`, ...files }
  for (const [path, text] of Object.entries(all)) {
    const full = join(folder, path)
    await mkdir(dirname(full), { recursive: true }).catch((error: unknown) => {
      throw diskError(error, 'make', dirname(full))
    })
    await writeNew(full, text)
  }
  return next
}
