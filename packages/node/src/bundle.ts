import { readFileSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** What the files of a bundle were made of: paths from it to files that are written anew whenever code changes. */
const listName = 'made-of.json'

/**
 * A program of hundreds of modules starts several times as fast from a few files. The build leaves those in the folder
 * `bundle` of its package. Returns the path of the one with this name; nothing if there is none, or if something was
 * compiled after it: what runs is never older than what was compiled.
 */
export function freshBundle(packageFolder: URL, name: string): string | undefined {
  const folder = new URL('bundle/', packageFolder)
  try {
    const made = statSync(new URL(listName, folder)).mtimeMs
    const parts = JSON.parse(readFileSync(new URL(listName, folder), 'utf8')) as readonly string[]
    if (parts.some((part) => statSync(new URL(part, folder)).mtimeMs > made)) return undefined
    return fileURLToPath(new URL(name, folder))
  } catch {
    return undefined
  }
}
