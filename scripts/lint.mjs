// Format, lint and the rules between packages.
import { prepare } from './prepare.mjs'
import { runNode, tools } from './process.mjs'

await prepare()
const biome = await runNode([tools.biome, 'check'])
const layers = await runNode(['scripts/check-layers.mjs'])
process.exitCode = biome.code || layers.code
