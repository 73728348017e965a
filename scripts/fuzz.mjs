// Fuzz tests, round after round with new seeds: `npm run fuzz [-- --minutes 10] [--seed 7] [arguments of vitest]`.
import { execFileSync } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { prepare } from './prepare.mjs'
import { root } from './process.mjs'
import { runTests } from './vitest-run.mjs'

const args = process.argv.slice(2)

/** Takes `--name number` out of the arguments. */
function option(name) {
  const at = args.indexOf(`--${name}`)
  if (at < 0) return undefined
  const value = Number(args.splice(at, 2)[1])
  if (Number.isFinite(value) && value >= 0) return value
  console.error(`--${name} needs a number`)
  process.exit(2)
}

const minutes = option('minutes') ?? 1
const fixedSeed = option('seed')
const filters = args.length > 0 ? args : ['.fuzz.test.ts']
const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim()

await prepare()
const end = Date.now() + minutes * 60_000
let passed = 0
let rounds = 0
do {
  const seed = fixedSeed ?? randomInt(2 ** 32)
  const counts = await runTests(filters, { BANYAN_TEST_TIER: 'fuzz', BANYAN_SEED: String(seed) })
  if (!counts.ok) {
    const command = `npm run fuzz -- --seed ${seed} ${args.join(' ')}`.trim()
    console.error(`\nFailed with seed ${seed} at commit ${commit}. Repeat it with\n  ${command}`)
    console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`)
    process.exit(1)
  }
  passed += counts.passed
  rounds++
} while (fixedSeed === undefined && Date.now() < end)
console.log(`${rounds} rounds without a failure at commit ${commit}`)
console.log(`${passed} passed, 0 failed`)
