// Type check of sources (by building them), tests and benchmarks.
import { prepare } from './prepare.mjs'
import { runNode, tools } from './process.mjs'

await prepare()
const { code } = await runNode([tools.tsc, '-p', 'tsconfig.test.json'])
if (code === 0) console.log('Types are sound.')
process.exitCode = code
