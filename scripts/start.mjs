// Builds the platform and starts the local network: `npm start`. Words after `--` are options of `banyan up`.
import { prepare } from './prepare.mjs'
import { runNode } from './process.mjs'

await prepare()
const words = ['packages/cli/bin/banyan.js', 'up', ...process.argv.slice(2)]
process.exitCode = (await runNode(words, { input: true })).code
