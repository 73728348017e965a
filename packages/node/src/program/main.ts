import { CommanderError } from 'commander'
import { nodeCommand } from './commands.js'
import { exitCodes, explain, isDefect } from './exit.js'

try {
  await nodeCommand((code) => process.exit(code))
    .exitOverride()
    .parseAsync()
} catch (error) {
  if (error instanceof CommanderError) process.exit(error.exitCode === 0 ? exitCodes.done : exitCodes.refused)
  if (isDefect(error)) throw error
  console.error(explain(error))
  process.exit(exitCodes.refused)
}
