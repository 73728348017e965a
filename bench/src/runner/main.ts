import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { type Bench, createContext } from './benchmark.js'
import { describeMachine, isBusy } from './machine.js'
import { completeRow, formatReport, type Report } from './report.js'

const benches = new URL('../', import.meta.url)
const results = new URL('../../results/', import.meta.url)
const usage = 'npm run bench -- <name> [--quick] [--json] [--save]'

/** Names of all benchmarks: the files of this package's source folder. */
function benchNames(): readonly string[] {
  return readdirSync(benches)
    .filter((file) => file.endsWith('.js'))
    .map((file) => file.slice(0, -3))
}

async function loadBench(name: string): Promise<Bench> {
  return ((await import(new URL(`${name}.js`, benches).href)) as { readonly bench: Bench }).bench
}

async function listBenches(): Promise<void> {
  console.log(`Benchmarks, run by ${usage}:`)
  for (const name of benchNames()) console.log(`  ${name.padEnd(12)} ${(await loadBench(name)).title}`)
}

async function runBench(name: string, quick: boolean): Promise<Report> {
  const bench = await loadBench(name)
  const machine = describeMachine()
  console.error(bench.title)
  if (isBusy(machine)) {
    console.error(
      `The machine is busy (load ${machine.load} on ${machine.cores} cores): figures will be too low.`,
    )
  }
  const rows = await bench.run(createContext(quick))
  return { bench: name, machine, rows: rows.map(completeRow) }
}

function save(report: Report): void {
  mkdirSync(results, { recursive: true })
  const file = new URL(`${report.bench}-${report.machine.date.slice(0, 10)}.json`, results)
  writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`)
  console.error(`saved to ${fileURLToPath(file)}`)
}

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: { quick: { type: 'boolean' }, json: { type: 'boolean' }, save: { type: 'boolean' } },
    })
  } catch (error) {
    console.error(`${(error as Error).message}\nUse: ${usage}`)
    process.exit(2)
  }
}

const { values, positionals } = readArguments()
const [name, ...more] = positionals
if (name === undefined) {
  await listBenches()
} else if (more.length > 0 || !benchNames().includes(name)) {
  console.error(`There is no benchmark "${positionals.join(' ')}". There are: ${benchNames().join(', ')}`)
  process.exit(2)
} else {
  const report = await runBench(name, values.quick === true)
  console.log(values.json === true ? JSON.stringify(report) : formatReport(report))
  if (values.save === true) save(report)
}
