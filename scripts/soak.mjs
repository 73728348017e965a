// Hours of load with faults on processes of nodes: `npm run soak -- [--minutes 60] [--nodes 4] [--seed N]`.
import { prepare } from './prepare.mjs'
import { runNode } from './process.mjs'

await prepare()
process.exitCode = (await runNode(['packages/testing/dist/soak/main.js', ...process.argv.slice(2)])).code
