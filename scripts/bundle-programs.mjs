import { rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { pathToFileURL } from 'node:url'
import { root } from './process.mjs'

/** Programs with the modules that they begin with. Workers and what they load by its place are named as there. */
const programs = [
  {
    folder: 'packages/node',
    entries: {
      'banyan-node': 'packages/node/dist/program/main.js',
      worker: 'packages/ledger/dist/threads/worker.js',
      collection: 'packages/node/dist/program/collection.js',
    },
  },
  { folder: 'packages/central', entries: { 'banyan-central': 'packages/central/dist/node/program/main.js' } },
  { folder: 'packages/region', entries: { 'banyan-region': 'packages/region/dist/program/main.js' } },
  { folder: 'packages/miner', entries: { 'banyan-miner': 'packages/miner/dist/program/main.js' } },
  { folder: 'packages/cli', entries: { banyan: 'packages/cli/dist/main.js' } },
]
/** Look for binaries and fonts beside their own files. Those of crypto are loaded by name at run time. */
const external = ['classic-level', '@node-rs/argon2', '@duckdb/node-api', 'pdfkit']
const listName = 'made-of.json'

/** Which bundles are older than what they are made of; then `build` makes them anew from what the compiler has written. */
export async function stalePrograms() {
  const { freshBundle } = await import(pathToFileURL(join(root, 'packages/node/dist/bundle.js')).href)
  const stale = programs.filter(
    ({ folder }) => freshBundle(pathToFileURL(join(root, folder, '/')), listName) === undefined,
  )
  return {
    isNeeded: stale.length > 0,
    async build() {
      try {
        for (const program of stale) await bundle(program)
        return { code: 0, text: '' }
      } catch (error) {
        return { code: 1, text: String(error) }
      }
    },
  }
}

/** Whether a module belongs to a package of this workspace. */
function isOwn(path) {
  return ['packages', 'apps'].some((folder) => path.startsWith(join(root, folder, sep)))
}

/**
 * What a module looks for beside itself it finds from the bundle as well: its own place is put in for the bundle's, but for
 * modules that are entries of the bundle, such as workers, which lie beside it.
 */
function keepPlaces(entries, target) {
  const names = new Map(Object.entries(entries).map(([name, path]) => [join(root, path), name]))
  return {
    name: 'keep-places',
    transform(code, id) {
      if (!isOwn(id) || !code.includes('import.meta.url')) return
      const own = `new URL(${JSON.stringify(urlPath(target, id))}, import.meta.url).href`
      return code.replaceAll(/new URL\('([^']+)', import\.meta\.url\)|import\.meta\.url/g, (_, path) => {
        const name = path === undefined ? undefined : names.get(join(id, '..', path))
        if (name !== undefined) return `new URL('./${name}.js', import.meta.url)`
        return path === undefined ? own : `new URL('${path}', ${own})`
      })
    },
  }
}

/** A path from a folder to a file, as URLs have it. */
function urlPath(folder, path) {
  return relative(folder, path).split(sep).join('/')
}

async function bundle({ folder, entries }) {
  const { rolldown } = await import('rolldown')
  const target = join(root, folder, 'bundle')
  // Whatever is compiled from now on makes it stale.
  const begun = new Date()
  rmSync(target, { recursive: true, force: true })
  const build = await rolldown({
    cwd: root,
    input: entries,
    platform: 'node',
    external,
    plugins: [keepPlaces(entries, target)],
    logLevel: 'silent',
    // A module may be there for what it does when it is loaded.
    treeshake: { moduleSideEffects: true },
  })
  const { output } = await build.write({ dir: target, entryFileNames: '[name].js', minify: false })
  await build.close()
  const modules = output.flatMap((chunk) => (chunk.type === 'chunk' ? Object.keys(chunk.modules) : []))
  writeFileSync(join(target, listName), `${JSON.stringify(changeMarks(modules, target))}\n`)
  utimesSync(join(target, listName), begun, begun)
}

/** Files that change with these modules: what the compiler notes for each package, and the lock file for libraries. */
function changeMarks(modules, target) {
  const folders = new Set(
    modules.filter(isOwn).map((path) => relative(root, path).split(sep).slice(0, 2).join(sep)),
  )
  const marks = [...folders].map((folder) => join(root, folder, 'tsconfig.tsbuildinfo'))
  return [...marks, join(root, 'package-lock.json')].map((path) => urlPath(target, path))
}
