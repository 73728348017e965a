// Simulated networks under many seeds: `npm run sim -- [--campaign name] [--seeds 1000] [--minutes 10]`.
import { prepare } from './prepare.mjs'
import { runNode } from './process.mjs'

await prepare()
process.exitCode = (await runNode(['packages/sim/dist/run/main.js', ...process.argv.slice(2)])).code
