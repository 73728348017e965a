// Builds the platform and starts the network that it has so far.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { prepare } from './prepare.mjs'
import { root, runNode } from './process.mjs'

await prepare()
const program = join(root, 'apps/first-chain/dist/main.js')
if (existsSync(program)) {
  process.exitCode = (await runNode([program, ...process.argv.slice(2)])).code
} else {
  console.log('Built. There is no network to start yet; `npm test` shows what works today.')
}
