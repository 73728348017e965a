import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root, runNode, tools } from './process.mjs'

const folder = join(root, 'packages/console')
/** Says what the built files were made of. Vite empties the folder first, so it is gone while a build is not done. */
const stamp = join(folder, 'dist/.made-of')
const ownParts = ['index.html', 'package.json', 'public', 'src', 'vite.config.mjs']
const scope = '@banyan/'
/** What the console takes from packages besides their programs: pictures and scripts of Darkroom. */
const otherParts = ['gallery', 'samples', 'scripts']

/** Folder of a package of this workspace, wherever it lies. */
function folderOf(name) {
  return join(root, 'node_modules', scope, name)
}

/** All files at or below a path. */
function filesBelow(path) {
  if (!existsSync(path)) return []
  const entries = readdirSync(path, { withFileTypes: true, recursive: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}

/** Folders of the packages of this workspace that the console is made of. */
function packagesBelow(name, found = new Set()) {
  const { dependencies = {} } = JSON.parse(readFileSync(join(folderOf(name), 'package.json'), 'utf8'))
  for (const dependency of Object.keys(dependencies)) {
    const other = dependency.slice(scope.length)
    if (!dependency.startsWith(scope) || found.has(other)) continue
    found.add(other)
    packagesBelow(other, found)
  }
  return found
}

/** Hash of everything that the build reads: own files, built packages of this workspace, and the versions of all others. */
function inputHash() {
  const own = ownParts.flatMap((part) => {
    const path = join(folder, part)
    return part.includes('.') ? [path] : filesBelow(path)
  })
  const packages = [...packagesBelow('console')].flatMap((name) => [
    ...filesBelow(join(folderOf(name), 'dist')).filter((path) => path.endsWith('.js')),
    ...otherParts.flatMap((part) => filesBelow(join(folderOf(name), part))),
  ])
  const hash = createHash('sha256')
  for (const path of [...own, ...packages, join(root, 'package-lock.json')].sort()) {
    hash.update(path.slice(root.length)).update('\0').update(readFileSync(path)).update('\0')
  }
  return hash.digest('hex')
}

/** Whether the built console is older than what it is made of; then `build` makes it anew. */
export function consoleBuild() {
  const wanted = inputHash()
  return {
    isNeeded: !existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted,
    async build() {
      const result = await runNode([tools.vite, 'build', '--logLevel', 'warn'], { folder, output: 'collect' })
      if (result.code === 0) writeFileSync(stamp, wanted)
      return result
    },
  }
}
