import { exitCodes, explain } from '@banyan/program'
import { CommanderError } from 'commander'
import { nodeCommand } from './commands.js'

try {
  await nodeCommand((code) => process.exit(code))
    .exitOverride()
    .parseAsync()
} catch (error) {
  if (error instanceof CommanderError) process.exit(error.exitCode === 0 ? exitCodes.done : exitCodes.refused)
  console.error(explain(error))
  process.exit(exitCodes.refused)
}
