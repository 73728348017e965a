import { dirname, join } from 'node:path/posix'
import { codeOnly, importsOf } from './source-text.mjs'

const scope = '@banyan/'
const maxLines = 800
const forbiddenFolder = /^(utils?|helpers?|common)$/

/** Package name of an import: `@scope/name` or `name`. */
function packageOf(specifier) {
  const parts = specifier.split('/')
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : parts[0]
}

/** Problem of importing a package of this workspace, if any. `own` and `other` are workspace entries. */
function floorProblem(own, other, name, inTests) {
  if (other.floor === 'tests') {
    return inTests || own.floor === 'tests'
      ? undefined
      : `imports ${name}, which is for tests and benchmarks only`
  }
  if (own.floor === 'tests' || other.floor < own.floor) return undefined
  if (inTests && other.name === own.name) return undefined
  return `imports ${name} of floor ${other.floor}; floor ${own.floor} may use lower floors only`
}

function importProblem(own, file, { specifier, typeOnly }, workspace) {
  const inTests = !file.startsWith('src/')
  const isNodeFile = (path) =>
    own.floor === 'tests' || own.nodeFiles.some((prefix) => path.startsWith(prefix))

  if (specifier.startsWith('.')) {
    const target = join(dirname(file), specifier)
    if (target.startsWith('..')) return `leaves its package by ${specifier}`
    if (inTests && target.startsWith('src/')) return `tests ${specifier} instead of the public entry`
    if (inTests || typeOnly || isNodeFile(file) || !isNodeFile(target)) return undefined
    return `imports ${specifier}, which needs Node, into code that must run anywhere`
  }
  if (specifier.startsWith('node:')) {
    return inTests || isNodeFile(file) ? undefined : `imports ${specifier}; it must run without Node`
  }

  const name = packageOf(specifier)
  const other = workspace.packages.get(name)
  const declared = inTests
    ? [...own.dependencies, ...own.devDependencies, ...workspace.testDependencies]
    : // Types are gone when the code runs: they may come from what only development needs.
      [...own.dependencies, ...(typeOnly ? own.devDependencies : [])]
  // Tests may use the packages made for them as they are; declaring those would only make circles.
  const forTests = inTests && other?.floor === 'tests'
  if (name !== `${scope}${own.name}` && !forTests && !declared.includes(name)) {
    return `imports ${name} without declaring it`
  }
  if (other === undefined) return undefined
  if (!isExported(`.${specifier.slice(name.length)}`, other.exports))
    return `imports ${specifier} past the exports of ${name}`
  return floorProblem(own, other, name, inTests)
}

/** Whether a path is an entry of a package: https://nodejs.org/api/packages.html#subpath-patterns. A query says how Vite reads the file. */
function isExported(path, entries) {
  const [file] = path.split('?')
  return entries.some((entry) => {
    const [before, after] = entry.split('*')
    if (after === undefined) return file === entry
    return file.length > before.length && file.startsWith(before) && file.endsWith(after)
  })
}

/** Uses of what a source file must not use, by code pattern. */
function codeProblems(own, file, text) {
  if (own.floor === 'tests' || !file.startsWith('src/')) return []
  const code = codeOnly(text)
  const problems = []
  if (/\bthrow new (Range|Type|Syntax)?Error\b/.test(code))
    problems.push('throws an error that is not in the registry')
  if (own.deterministic && /\bMath\.random\b/.test(code)) problems.push('uses Math.random')
  if (own.deterministic && /\b(Date|performance)\.now\b|\bnew Date\(\)/.test(code))
    problems.push('reads the clock')
  return problems
}

/** Everything wrong with one file. `file` is relative to the package, with forward slashes. */
export function checkFile(own, file, text, workspace) {
  const problems = importsOf(text).map((found) => importProblem(own, file, found, workspace))
  problems.push(...codeProblems(own, file, text))
  const lines = text.split('\n').length
  if (lines > maxLines) problems.push(`has ${lines} lines; ${maxLines} is the limit`)
  const folder = dirname(file)
    .split('/')
    .find((name) => forbiddenFolder.test(name))
  if (folder !== undefined) problems.push(`is in a folder named "${folder}"; name it after what it holds`)
  return problems.filter((problem) => problem !== undefined)
}

/** Everything wrong with one package.json: floors of its dependencies, and versions that are not exact. */
export function checkManifest(own, manifest, workspace) {
  const problems = []
  for (const field of ['dependencies', 'devDependencies']) {
    for (const [name, version] of Object.entries(manifest[field] ?? {})) {
      if (!/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
        problems.push(`asks for ${name} ${version}; pin one version`)
      const other = workspace.packages.get(name)
      const problem = other && floorProblem(own, other, name, field === 'devDependencies')
      if (problem !== undefined) problems.push(problem.replace('imports', 'depends on'))
    }
  }
  return problems
}
