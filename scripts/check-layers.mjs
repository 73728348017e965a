// Checks the rules of docs/architecture.md on every package: floors, entries, Node, determinism, names, lengths.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { checkFile, checkManifest } from './layer-rules.mjs'
import { root } from './process.mjs'

const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'))

/** Folders that hold a package, as npm's `workspaces` name them. */
function packageFolders(top) {
  return readJson(join(top, 'package.json'))
    .workspaces.flatMap((pattern) => {
      if (!pattern.endsWith('/*')) return [pattern]
      const parent = pattern.slice(0, -2)
      if (!existsSync(join(top, parent))) return []
      return readdirSync(join(top, parent)).map((name) => `${parent}/${name}`)
    })
    .filter((folder) => existsSync(join(top, folder, 'package.json')))
}

/** Packages by npm name, with floors from docs/floors.json, and what tests of any package may import. */
export function readWorkspace(top) {
  const floors = readJson(join(top, 'docs/floors.json'))
  const packages = new Map()
  for (const folder of packageFolders(top)) {
    const manifest = readJson(join(top, folder, 'package.json'))
    packages.set(manifest.name, {
      ...floors[basename(folder)],
      name: basename(folder),
      folder,
      manifest,
      dependencies: Object.keys(manifest.dependencies ?? {}),
      devDependencies: Object.keys(manifest.devDependencies ?? {}),
      exports: Object.keys(manifest.exports ?? {}),
    })
  }
  return {
    packages,
    testDependencies: Object.keys(readJson(join(top, 'package.json')).devDependencies ?? {}),
  }
}

function typeScriptFiles(folder) {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return typeScriptFiles(path)
    return /\.tsx?$/.test(entry.name) ? [path] : []
  })
}

/** All problems of the workspace at `top`, one line each. */
export function checkWorkspace(top) {
  const workspace = readWorkspace(top)
  const problems = []
  for (const own of workspace.packages.values()) {
    if (own.floor === undefined) {
      problems.push(`${own.folder}: has no floor in docs/floors.json`)
      continue
    }
    for (const problem of checkManifest(own, own.manifest, workspace))
      problems.push(`${own.folder}/package.json: ${problem}`)
    const files = ['src', 'test'].flatMap((part) => typeScriptFiles(join(top, own.folder, part)))
    for (const path of files) {
      const file = relative(join(top, own.folder), path).split(sep).join('/')
      for (const problem of checkFile(own, file, readFileSync(path, 'utf8'), workspace)) {
        problems.push(`${own.folder}/${file}: ${problem}`)
      }
    }
  }
  return problems
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const problems = checkWorkspace(root)
  for (const problem of problems) console.error(problem)
  console.log(
    problems.length === 0
      ? 'The floors hold.'
      : `${problems.length} problems. The rules: docs/architecture.md`,
  )
  process.exitCode = problems.length === 0 ? 0 : 1
}
