// Benchmarks: `npm run bench [-- name] [--quick] [--json] [--save]`. Without a name it lists them.
import { prepare } from './prepare.mjs'
import { runNode } from './process.mjs'

await prepare()
process.exitCode = (await runNode(['bench/dist/runner/main.js', ...process.argv.slice(2)])).code
