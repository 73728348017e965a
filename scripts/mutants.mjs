// Breaks the code on purpose, one defect at a time, and expects the named tests to notice:
// `npm run mutants [-- --only id]`. The list of a package is packages/<p>/test/mutants.json.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { prepare } from './prepare.mjs'
import { root, runNode, tools } from './process.mjs'
import { copyWorkspace, removeCopy } from './workspace-copy.mjs'

/** A test run that takes longer than this hangs because of the defect, which counts as noticed. */
const limitMs = 180_000

/** Mutants of every package: `{id, package, file, find, replace, tests, why}`, paths relative to the root. */
function readMutants() {
  return readdirSync(join(root, 'packages')).flatMap((name) => {
    const list = join(root, 'packages', name, 'test/mutants.json')
    if (!existsSync(list)) return []
    return JSON.parse(readFileSync(list, 'utf8')).map((mutant) => ({
      ...mutant,
      file: `packages/${name}/${mutant.file}`,
      tests: mutant.tests.map((path) => `packages/${name}/${path}`),
    }))
  })
}

const build = (copy) => runNode([tools.tsc, '-b'], { folder: copy, output: 'collect' })
const test = (copy, files) =>
  runNode([tools.vitest, 'run', '--bail=1', ...files], { folder: copy, output: 'collect', limitMs })

/** What became of one mutant: `killed`, `survived`, or why it is not a valid mutant. The file is restored. */
async function tryMutant(copy, { file, find, replace, tests }) {
  const path = join(copy, file)
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

async function run(mutants, copy) {
  // A test that fails without any defect would seem to notice all of them.
  const baseline = await test(copy, [...new Set(mutants.flatMap(({ tests }) => tests))])
  if (baseline.code !== 0) {
    console.error(`The tests fail without any mutant:\n${baseline.text}`)
    return 1
  }
  let bad = 0
  for (const mutant of mutants) {
    const result = await tryMutant(copy, mutant)
    console.log(`${result.split(':')[0].padEnd(9)} ${mutant.id}: ${mutant.why}`)
    if (result === 'killed') continue
    bad++
    console.error(`  ${result === 'survived' ? `none of ${mutant.tests.join(', ')} noticed` : result}`)
  }
  console.log(`${mutants.length - bad} of ${mutants.length} mutants were killed.`)
  return bad === 0 ? 0 : 1
}

const onlyAt = process.argv.indexOf('--only')
const only = onlyAt < 0 ? undefined : process.argv[onlyAt + 1]
const mutants = readMutants().filter(({ id }) => only === undefined || id === only)
if (mutants.length === 0) {
  console.error(only === undefined ? 'There are no mutants.' : `There is no mutant "${only}".`)
  process.exit(2)
}
await prepare()
const copy = copyWorkspace()
process.on('exit', () => removeCopy(copy))
process.exitCode = await run(mutants, copy)
