import type { CommandSpec } from './command-spec.js'
import { type ExitName, exitCodes, exitMeanings } from './exit-codes.js'
import { optionsOf } from './program.js'
import { settingNames, settingsForm, variableOf } from './settings.js'

/** All settings, as documentation shows them. */
function describeSettings() {
  return settingNames.map((name) => {
    const shape = settingsForm.shape[name]
    const { data } = shape.safeParse(undefined)
    return {
      name,
      variable: variableOf(name),
      fallback: data === undefined ? null : data,
      description: shape.meta()?.description ?? '',
    }
  })
}

/** The command tree as one document for programs. */
export function describeCommands(commands: readonly CommandSpec[]) {
  return {
    name: 'banyan',
    exitCodes: Object.entries(exitCodes).map(([name, code]) => ({
      code,
      name,
      meaning: exitMeanings[name as ExitName],
    })),
    settings: describeSettings(),
    commands: commands.map((command) => ({
      command: command.words.join(' '),
      summary: command.summary,
      group: command.group,
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
