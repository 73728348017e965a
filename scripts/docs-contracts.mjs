/** Writes docs/contracts.md from the genesis collection. Run after a build. */
import { writeFileSync } from 'node:fs'
import { contractsPage, genesisCollection } from '@banyan/contracts'

writeFileSync(new URL('../docs/contracts.md', import.meta.url), contractsPage(genesisCollection))
