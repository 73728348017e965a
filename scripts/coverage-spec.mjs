// Which requirements have tests: `npm run coverage:spec [-- --json]`.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { prepare } from './prepare.mjs'
import { root, runNode, tools } from './process.mjs'

const idPattern = /\b[A-Z]{2,4}(?:-UI)?-\d+\b/g

/** Requirements of docs/requirements.md, whose table rows start with an id: `{id, state}` in their order. */
export function readRequirements(page) {
  return [...page.matchAll(/^\| ([A-Z]{2,4}(?:-UI)?-\d+) \|.*\| (built|partly|planned) \|$/gm)].map(
    (match) => ({
      id: match[1],
      state: match[2],
    }),
  )
}

/**
 * Titles of tests by requirement, and ids that no requirement has. A family such as LED is known by its rows; words
 * of other families (UTF-8, EIP-2718) are no ids unless they stand in front of the colon of a title.
 */
export function matchTitles(requirements, titles) {
  const ids = new Map(requirements.map(({ id }) => [id, []]))
  const families = new Set(requirements.map(({ id }) => id.replace(/-\d+$/, '')))
  const unknown = []
  for (const title of titles) {
    const found = new Set(title.match(idPattern) ?? [])
    const leading = title
      .split(' > ')
      .flatMap((part) => /^([A-Z0-9, /-]+?)(?: and [A-Z0-9-]+)?:/.exec(part)?.[0].match(idPattern) ?? [])
    for (const id of found) {
      if (ids.has(id)) ids.get(id).push(title)
      else if (families.has(id.replace(/-\d+$/, '')) || leading.includes(id)) unknown.push({ id, title })
    }
  }
  return { ids, unknown }
}

/** Full titles of all tests, as the test runner collects them. */
async function collectTitles() {
  const { code, text } = await runNode([tools.vitest, 'list', '--json'], {
    output: 'collect',
    env: { NO_COLOR: '1' },
  })
  const start = text.indexOf('[\n')
  if (code !== 0 || start < 0) {
    console.error(text)
    process.exit(1)
  }
  return JSON.parse(text.slice(start, text.lastIndexOf(']') + 1)).map(({ name }) => name)
}

function printTable(requirements, ids) {
  for (const { id, state } of requirements) {
    const count = ids.get(id).length
    if (count > 0 || state !== 'planned') {
      console.log(
        `${id.padEnd(9)} ${state.padEnd(8)} ${count === 0 ? 'NO TEST' : `${count} test${count === 1 ? '' : 's'}`}`,
      )
    }
  }
  const planned = requirements.filter(({ id, state }) => state === 'planned' && ids.get(id).length === 0)
  console.log(`\n${planned.length} are planned and have no test yet: docs/requirements.md lists them.`)
  const tested = requirements.filter(({ id }) => ids.get(id).length > 0).length
  console.log(`${tested} of ${requirements.length} requirements have tests.`)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await prepare()
  const requirements = readRequirements(readFileSync(join(root, 'docs/requirements.md'), 'utf8'))
  const { ids, unknown } = matchTitles(requirements, await collectTitles())
  if (process.argv.includes('--json')) {
    console.log(
      JSON.stringify({ ids: Object.fromEntries([...ids].filter(([, titles]) => titles.length > 0)) }),
    )
  } else {
    printTable(requirements, ids)
  }
  for (const { id, title } of unknown) console.error(`unknown requirement ${id} in the title "${title}"`)
  const untested = requirements.filter(({ id, state }) => state === 'built' && ids.get(id).length === 0)
  for (const { id } of untested)
    console.error(`${id} is marked as built in docs/requirements.md, but has no test`)
  process.exitCode = unknown.length + untested.length > 0 ? 1 : 0
}
