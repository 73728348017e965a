import { exitCodes, explain } from '@banyan/program'
import { makeKey } from '../accounts/file.js'
import { optionTable, readOptions } from './options.js'
import { runRegion } from './run.js'

const help = `banyan-region run [--config <path>] [options]   runs a region until it is signalled
banyan-region key                               makes a key, and its digest for the file of accounts

${optionTable()}
`

try {
  const [command, ...args] = process.argv.slice(2)
  if (command === 'run') process.exit(await runRegion(readOptions(args, process.env)))
  if (command === 'key') console.log(JSON.stringify(makeKey()))
  else {
    console.log(help)
    process.exitCode =
      command === undefined || command === 'help' || command === '--help' ? 0 : exitCodes.refused
  }
} catch (error) {
  console.error(explain(error))
  process.exit(exitCodes.refused)
}
