// Installs, builds and runs the tests: `npm test [-- --tier full] [-- arguments of vitest]`.
import { prepare } from './prepare.mjs'
import { runTests } from './vitest-run.mjs'

const args = process.argv.slice(2)
const tierAt = args.indexOf('--tier')
const tier = tierAt < 0 ? (process.env.BANYAN_TEST_TIER ?? 'push') : args.splice(tierAt, 2)[1]

await prepare()
const counts = await runTests(args, { BANYAN_TEST_TIER: tier })
process.exitCode = counts.ok ? 0 : 1
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`)
