import { fail } from '@banyan/base'

const maxPath = 200
const segmentForm = /^[ !#$%&'()+,\-.0-9;=@A-Z[\]^_`a-z{}~]+$/

/**
 * Checks a path of a package: relative, with `/` between segments of printable ASCII that every system takes.
 * Error: PackagePathRefused.
 */
export function checkPath(path: string): void {
  const refuse = (reason: string): never => fail('PackagePathRefused', { path: JSON.stringify(path), reason })
  if (path.length === 0 || path.length > maxPath) refuse(`it must have 1 to ${maxPath} characters`)
  if (path.startsWith('/')) refuse('it is absolute')
  for (const segment of path.split('/')) {
    if (segment === '' || segment === '.' || segment === '..') refuse('it has a segment that is no name')
    if (!segmentForm.test(segment)) refuse('it has characters that not every system takes')
  }
}

/** Order of paths in a package: by their bytes. */
export function comparePaths(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/**
 * Checks that sorted paths can lie beside each other: none twice, in any case of letters, and none both a file and a folder.
 * Errors: PackagePathRefused, PackageMalformed.
 */
export function checkPaths(paths: readonly string[]): void {
  const files = new Set<string>()
  const folders = new Set<string>()
  let last: string | undefined
  for (const path of paths) {
    checkPath(path)
    if (last !== undefined && comparePaths(last, path) >= 0)
      fail('PackageMalformed', { reason: `${path} is not in its place` })
    last = path
    const folded = path.toLowerCase()
    if (files.has(folded)) fail('PackagePathRefused', { path, reason: 'another path differs in case alone' })
    files.add(folded)
    for (let end = folded.lastIndexOf('/'); end > 0; end = folded.lastIndexOf('/', end - 1))
      folders.add(folded.slice(0, end))
  }
  for (const folder of folders)
    if (files.has(folder)) fail('PackagePathRefused', { path: folder, reason: 'it is a file and a folder' })
}
