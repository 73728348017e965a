import type { CommandSpec } from './command-spec.js'
import { type ExitName, exitCodes, exitMeanings } from './exit-codes.js'
import { optionsOf } from './program.js'

/** The command tree as one document for programs. */
export function describeCommands(commands: readonly CommandSpec[]) {
  return {
    name: 'banyan',
    exitCodes: Object.entries(exitCodes).map(([name, code]) => ({
      code,
      name,
      meaning: exitMeanings[name as ExitName],
    })),
    commands: commands.map((command) => ({
      command: command.words.join(' '),
      summary: command.summary,
      arguments: command.arguments ?? [],
      options: optionsOf(command),
      examples: command.examples,
      streams: command.isStream === true,
      exitCodes: exitsOf(command).map((name) => exitCodes[name]),
    })),
  }
}

/** All ways in which a command can end. */
export function exitsOf({ exits = [] }: CommandSpec): readonly ExitName[] {
  return ['done', 'failed', 'usage', ...exits]
}
