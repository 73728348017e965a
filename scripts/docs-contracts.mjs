// Writes docs/contracts.md from the genesis collection: `npm run docs:contracts`.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { prepare } from './prepare.mjs'
import { root } from './process.mjs'

await prepare()
const { contractsPage, genesisCollection } = await import('@banyan/contracts')
writeFileSync(join(root, 'docs/contracts.md'), contractsPage(genesisCollection))
console.log('docs/contracts.md is written')
