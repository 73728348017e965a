// Gathers what the service needs on a miner in `build`: its program, scripts, samples and installed libraries.
import { cpSync, existsSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const own = dirname(fileURLToPath(import.meta.url))
const target = join(own, 'build')
const skipped =
  /(\.map|\.d\.[cm]?ts|\.md|\.markdown|tsconfig\.tsbuildinfo|\/(docs?|test|tests|example|examples|\.bin))$/i

const manifestOf = (folder) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))

/** The installed folder of a package as `from` finds it; `undefined` for what this platform does not have. */
function installed(name, from) {
  for (let folder = from; ; folder = dirname(folder)) {
    const found = join(folder, 'node_modules', name)
    if (existsSync(found)) return found
    if (folder === dirname(folder)) return undefined
  }
}

/** Folders of all packages that the one in `folder` needs at run time, by name; the first one found of a name. */
function needed(folder, found = new Map()) {
  const { dependencies = {}, optionalDependencies = {} } = manifestOf(folder)
  for (const name of [...Object.keys(dependencies), ...Object.keys(optionalDependencies)]) {
    const path = installed(name, folder)
    if (path === undefined || found.has(name)) continue
    found.set(name, path)
    needed(resolve(path), found)
  }
  return found
}

const copy = (from, to) =>
  cpSync(from, to, {
    recursive: true,
    dereference: true,
    filter: (path) =>
      !skipped.test(path.slice(from.length)) && !path.slice(from.length).includes('/node_modules'),
  })

rmSync(target, { recursive: true, force: true })
for (const part of ['dist', 'scripts', 'samples', 'package.json']) copy(join(own, part), join(target, part))
const libraries = needed(own)
for (const [name, path] of libraries) copy(path, join(target, 'node_modules', name))
console.log(`build: ${libraries.size} packages`)
