// Breaks the code on purpose, one defect at a time, and expects the named tests to notice:
// `npm run mutants [-- --only id] [--minutes 10]`. The list of a package is <its folder>/test/mutants.json.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { prepare } from './prepare.mjs'
import { root, runNode, tools } from './process.mjs'
import { copyWorkspace, removeCopy } from './workspace-copy.mjs'

/** A test run that takes longer than this hangs because of the defect, which counts as noticed. */
const limitMs = 180_000

/** Mutants of every package: `{id, file, find, replace, tests, why}`, paths relative to the root. */
function readMutants() {
  const folders = ['packages', 'apps'].flatMap((parent) =>
    readdirSync(join(root, parent)).map((name) => join(root, parent, name)),
  )
  return folders.flatMap((folder) => {
    const list = join(folder, 'test/mutants.json')
    return existsSync(list) ? JSON.parse(readFileSync(list, 'utf8')) : []
  })
}

/** The order of trying them differs from commit to commit, so that limited runs reach all of them in time. */
function shuffle(mutants) {
  const commit = execFileSync('git', ['rev-parse', 'HEAD'], { cwd: root, encoding: 'utf8' })
  const rank = ({ id }) =>
    createHash('sha256')
      .update(commit + id)
      .digest('hex')
  return [...mutants].sort((a, b) => (rank(a) < rank(b) ? -1 : 1))
}

const build = (copy) => runNode([tools.tsc, '-b'], { folder: copy, output: 'collect' })
const test = (copy, files) =>
  runNode([tools.vitest, 'run', '--bail=1', ...files], { folder: copy, output: 'collect', limitMs })

/** What became of one mutant: `killed`, `survived`, or why it is not a valid mutant. The file is restored. */
async function tryMutant(copy, { file, find, replace, tests }) {
  const path = join(copy, file)
  if (!existsSync(path)) return `invalid: there is no ${file}`
  const original = readFileSync(path, 'utf8')
  const places = original.split(find).length - 1
  if (places !== 1) return `invalid: "find" occurs ${places} times in ${file}`
  try {
    writeFileSync(
      path,
      original.replace(find, () => replace),
    )
    const built = await build(copy)
    if (built.code !== 0) return `invalid: it does not compile\n${built.text}`
    return (await test(copy, tests)).code === 0 ? 'survived' : 'killed'
  } finally {
    writeFileSync(path, original)
  }
}

/** What tests print that fail without a mutant; `undefined` if they pass. The mutant before this may still be built. */
async function failureOf(copy, files) {
  const built = await build(copy)
  const result = built.code === 0 ? await test(copy, files) : built
  return result.code === 0 ? undefined : result.text
}

/** Tries the mutants until all are done or the time is over; the exit code. */
async function run(mutants, copy, minutes) {
  const end = Date.now() + minutes * 60_000
  const passing = new Set()
  let tried = 0
  let killed = 0
  for (const mutant of mutants) {
    if (Date.now() > end) break
    // A test that fails without any defect would seem to notice all of them.
    const untried = mutant.tests.filter((file) => !passing.has(file))
    const failure = untried.length === 0 ? undefined : await failureOf(copy, untried)
    if (failure !== undefined) {
      console.error(`${untried.join(', ')} fail without any mutant:\n${failure}`)
      return 1
    }
    for (const file of untried) passing.add(file)
    const result = await tryMutant(copy, mutant)
    tried++
    console.log(`${result.split(':')[0].padEnd(9)} ${mutant.id}: ${mutant.why}`)
    if (result === 'killed') killed++
    else console.error(`  ${result === 'survived' ? `not noticed by ${mutant.tests.join(', ')}` : result}`)
  }
  console.log(`${killed} of ${tried} mutants were killed; ${mutants.length - tried} were not tried.`)
  return killed === tried && tried > 0 ? 0 : 1
}

const { values } = parseArgs({ options: { only: { type: 'string' }, minutes: { type: 'string' } } })
const minutes = values.minutes === undefined ? Infinity : Number(values.minutes)
const mutants = shuffle(readMutants().filter(({ id }) => values.only === undefined || id === values.only))
if (mutants.length === 0 || Number.isNaN(minutes)) {
  console.error(mutants.length === 0 ? `There is no mutant ${values.only ?? ''}` : '--minutes needs a number')
  process.exit(2)
}
await prepare()
const copy = copyWorkspace()
process.on('exit', () => removeCopy(copy))
process.exitCode = await run(mutants, copy, minutes)
