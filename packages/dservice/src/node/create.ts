import { mkdir, readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fail } from '@banyan/base'
import { manifestFile, parseManifest } from '../manifest.js'
import { diskError, writeNew } from './folder.js'

/** Folders of templates, and what one does with a new DService of each, a command a line. */
export const templates = {
  typescript: ['npm install', 'banyan dservice dev'],
  go: ['banyan dservice dev'],
} as const
export type TemplateName = keyof typeof templates

const templateFolder = fileURLToPath(new URL('../../templates/', import.meta.url))
const request = 'curl --data "one two three" http://127.0.0.1:4480/'

/**
 * Writes a small DService that works, into a folder that is empty or new. Resolves to what to do next.
 * Errors: ManifestInvalid for a name that no DService can have, FileExists, DiskFailed.
 */
export async function createDService(
  folder: string,
  name: string,
  template: TemplateName,
): Promise<readonly string[]> {
  const values = { name, platform: process.arch === 'arm64' ? 'linux-arm64' : 'linux-x64' }
  const source = join(templateFolder, template)
  const files = await readTemplate(source, values)
  parseManifest(files.get(manifestFile) ?? '')
  const present = await readdir(folder).catch(() => [])
  if (present.length > 0) fail('FileExists', { path: folder })
  for (const [path, text] of files) {
    const full = join(folder, path)
    await mkdir(dirname(full), { recursive: true }).catch((error: unknown) => {
      throw diskError(error, 'make', dirname(full))
    })
    await writeNew(full, text)
  }
  return [...templates[template], request]
}

/** Texts of a template by path, with `{{name}}` and the like filled in. `gitignore` stands for the file with a dot. */
async function readTemplate(
  source: string,
  values: Readonly<Record<string, string>>,
): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>()
  for (const path of await readdir(source, { recursive: true })) {
    // Folders cannot be read as texts.
    const text = await readFile(join(source, path), 'utf8').catch(() => undefined)
    if (text === undefined) continue
    const filled = text.replace(/\{\{(\w+)\}\}/g, (whole, key: string) => values[key] ?? whole)
    files.set(path === 'gitignore' ? '.gitignore' : path, filled)
  }
  return files
}
