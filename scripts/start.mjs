// Builds the platform and starts what it has so far, a chain in one process: `npm start`.
import { prepare } from './prepare.mjs'
import { runNode } from './process.mjs'

await prepare()
process.exitCode = (await runNode(['apps/first-chain/dist/main.js'])).code
